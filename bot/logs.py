"""One JSON object per line, with ids and no secrets."""

import json
import logging
import re
import sys
from datetime import UTC, datetime

_URL_PART = r"[^\s\"\\]+"  # a quote or backslash belongs to the JSON around it
_SECRETS = re.compile(
    r"xox[a-z][.-][\w.-]+|xapp-[\w-]+|(?<=ticket=)[\w-]+|(?<=://)[^\s\"\\/@]+:[^\s\"\\/@]+(?=@)"
    rf"|https?://{_URL_PART}/response/{_URL_PART}|hooks\.slack\.com/{_URL_PART}"
)
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonLines(logging.Formatter):
    """Formats a record as one line of JSON; what looks like a token or a response address is replaced."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, tz=UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {key: value for key, value in vars(record).items() if key not in _STANDARD}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return redacted(json.dumps(line, default=str, ensure_ascii=False))


def redacted(text: str) -> str:
    return _SECRETS.sub("[secret]", text)


def configure(level: str) -> None:
    """Send every record to standard error as JSON lines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for chatty in ("apscheduler", "slack_sdk", "waitress", "alembic"):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, logging.getLevelName(level)))
