"""What perfkit costs, measured side by side with its peers and against its budgets: `make bench`."""
