"""The mail server that sends email, from the environment, in the form that Django's MAILERS takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from everyfamily.channels.email.encryption import is_this_machine, refuse_clear_text
from everyfamily.config.environment import SettingNotRight, number, secret, word

_PORTS = {"starttls": 587, "tls": 465, "none": 25}


def smtp(environment: Mapping[str, str]) -> dict[str, Any]:
    """The options of Django's SMTP backend.

    EVERYFAMILY_SMTP_TLS is starttls if nothing is set, and none for a server on this machine. Raises SettingNotRight,
    and MailInTheClear for `none` with a server that is not this machine.
    """
    host = environment.get("EVERYFAMILY_SMTP_HOST") or "127.0.0.1"
    tls = word(
        environment, "EVERYFAMILY_SMTP_TLS", tuple(_PORTS), "none" if is_this_machine(host) else "starttls"
    )
    refuse_clear_text(host, encrypted=tls != "none")
    user, password = (
        environment.get("EVERYFAMILY_SMTP_USER", ""),
        secret(environment, "EVERYFAMILY_SMTP_PASSWORD"),
    )
    if bool(user) != bool(password):
        # Django signs in only if both are set, and would otherwise continue silently.
        raise SettingNotRight(
            "Only one of EVERYFAMILY_SMTP_USER and its password is set, and signing in takes both.",
            "Set the password in EVERYFAMILY_SMTP_PASSWORD_FILE or EVERYFAMILY_SMTP_PASSWORD, or unset both.",
        )
    return {
        "host": host,
        "port": int(number(environment, "EVERYFAMILY_SMTP_PORT", _PORTS[tls], least=1, most=65535)),
        "use_tls": tls == "starttls",
        "use_ssl": tls == "tls",
        "username": user,
        "password": password,
        # RFC 5321 4.5.3.2.6: a server may take ten minutes to answer for the message.
        "timeout": 300,
    }
