"""Files and folders of this machine and beyond: finding, opening, unpacking, decoding, writing at once."""
