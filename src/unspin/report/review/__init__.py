"""Pages that a person works on: `unspin review`, served to a browser on the same machine and to nobody else."""
