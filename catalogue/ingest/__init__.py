"""From a hospital's endpoint to the register: sources, the guarded session, the pipeline, runs."""
