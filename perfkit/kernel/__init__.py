"""A Jupyter kernel in a fork of a warm process, and the papermill engine that runs notebooks in it.

`papermill --engine perfkit` runs any Python notebook so; see README.md in this folder for how, and what is
ipykernel's. This room knows nothing of forms or batches.
"""
