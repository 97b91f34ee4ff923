"""gunicorn reads this file by itself; it ends its workers on SIGTERM."""

import os

# 0.0.0.0 and not localhost: the platform reaches the container from outside.
bind = f"0.0.0.0:{os.environ.get('PORT', '8080')}"
workers = 1
threads = 8
graceful_timeout = 10
accesslog = "-"
