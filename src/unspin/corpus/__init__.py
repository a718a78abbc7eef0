"""Documents in files: finding them, reading them, writing them back."""
