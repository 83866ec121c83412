"""Django settings and the one place that starts the framework."""
