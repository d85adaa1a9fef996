"""What may be shown: pure rules about numbers of people and about text on a person."""
