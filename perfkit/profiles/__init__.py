"""The rule sets that perfkit ships, a YAML file each, and how such a file becomes a `Profile`."""
