"""From a channel's URL to the Apprise plugin that knows the service: parsed by Apprise, its manners set by us."""

from __future__ import annotations

import logging
import re
import warnings
from contextlib import suppress
from difflib import get_close_matches
from typing import Any, Final

from apprise import Apprise, AppriseAsset
from apprise.manager_plugins import NotificationManager
from apprise.plugins import url_to_dict
from apprise.plugins.base import NotifyBase

from monitor.errors import MonitorError
from monitor.notify.timeouts import Timeouts

with warnings.catch_warnings():
    # Python 3.11 and 3.12 grumble about `imghdr`, which Apprise's mail imports for PGP.
    warnings.simplefilter("ignore", DeprecationWarning)
    from apprise.plugins.email.base import PGP_MODE_DEFAULT, NotifyEmail

# What an address may ask of Apprise and we do ourselves: format, length, trying again, templates, what is stored.
OURS: Final = (
    "format",
    "overflow",
    "emojis",
    "retry",
    "wait",
    "optional",
    "store",
    "template",
    "use_blocks",
    "redirect",
)

LAST_PORT: Final = 65535
_MAIL_FORM: Final = "://{user}:{password}@{smtp_host}?from={sender}&to={recipient}"
FORMS: Final = {  # where Apprise's own first form leaves out what we need
    "tgram": "tgram://{bot_token}/{chat_id}",
    "mailto": "mailto" + _MAIL_FORM,
    "mailtos": "mailtos" + _MAIL_FORM,
}
LONGEST_FORM: Final = 70  # what fits a line
ALSO_CALLED: Final = {
    "telegram": "tgram",
    "mail": "mailtos",
    "email": "mailtos",
    "gmail": "mailtos",
    "smtp": "mailtos",
    "smtps": "mailtos",
    "teams": "msteams",
    "pushover": "pover",
    "pushbullet": "pbul",
}


class ChannelError(MonitorError):
    """A channel's URL can't be used; the text says why, without the URL."""


def plugin_for(url: str, timeouts: Timeouts) -> NotifyBase:
    """One plugin object for one recipient, that never sleeps, follows, retries, stores or logs."""
    plugin = parsed(url, timeouts)
    recipients = _recipients(plugin)
    if recipients > 1:
        raise ChannelError(f"this address has {recipients} recipients; a channel is one: make a channel for each")
    if recipients < 1:
        raise ChannelError("this address has no recipient that can be used")
    return plugin


def parsed(url: str, timeouts: Timeouts) -> NotifyBase:
    """The same for any number of recipients: to look at, not to send through."""
    silence()
    asked = _parsed(url)
    manners = {"redirect": False, "cto": timeouts.connect, "rto": timeouts.read}
    wanted = {key: value for key, value in asked.items() if key not in OURS} | manners
    plugin = Apprise.instantiate(wanted, asset=_asset())
    if plugin is None:
        raise ChannelError(_malformed(asked["schema"]))
    _refuse_what_cannot_work(plugin)
    plugin.request_rate_per_sec = 0
    plugin.throttle = _no_wait  # type: ignore[method-assign]  # Discord's and others' own sleeps go past the rate above
    return plugin


def silence() -> None:
    """Apprise logs addresses with their tokens, and urllib3 the paths that hold them: neither may reach any log."""
    for name in ("apprise", "urllib3.connectionpool"):
        logger = logging.getLogger(name)
        logger.setLevel(logging.CRITICAL + 1)
        logger.propagate = False


def scheme_of(plugin: NotifyBase) -> str:
    """The service's own scheme, also where the URL is a plain https webhook address."""
    schemes: list[Any] = [plugin.protocol, plugin.secure_protocol]
    known = [scheme if isinstance(scheme, str) else scheme[0] for scheme in schemes if scheme]
    return str(known[-1] if plugin.secure else known[0])


def _asset() -> AppriseAsset:
    """No pool of threads, nothing on disk, no plugins from elsewhere, no pictures from GitHub."""
    asset = AppriseAsset(storage_mode="memory", service_timeout=0, allow_templates=False, http_redirects=False)
    asset.app_id = "monitor"
    asset.app_desc = "news monitor"
    asset.app_url = ""
    asset.image_url_mask = ""
    asset.image_url_logo = ""
    return asset


def _no_wait(*_: Any, **__: Any) -> None:
    """The service's limits are told by 429, and kept by the outbox."""


def _parsed(url: str) -> dict[str, Any]:
    scheme = url.partition("://")[0].lower() if "://" in url else ""
    if not re.fullmatch(r"[a-z][a-z0-9+.-]{0,30}", scheme):
        raise ChannelError("this address does not start with a service and ://")
    with suppress(Exception):  # some plugins choke on an address instead of refusing it
        if parsed := url_to_dict(url):  # type: ignore[no-untyped-call]  # Apprise's own
            return dict(parsed)
    if scheme in _services():
        raise ChannelError(_malformed(scheme))
    if scheme in {"http", "https"}:
        raise ChannelError(
            "this web address is no webhook that we know; for one of your own write webhook:// or webhooks://"
        )
    raise ChannelError(f"'{scheme}' is not a service we know{_guess(scheme)}")


def _services() -> NotificationManager:
    return NotificationManager()  # type: ignore[no-untyped-call]  # Apprise's own


def _guess(scheme: str) -> str:
    known = list(_services().schemas())  # type: ignore[no-untyped-call]  # Apprise's own
    close = ALSO_CALLED.get(scheme) or next(iter(get_close_matches(scheme, known, 1, 0.75)), "")
    return f": did you mean {close}://?" if close else ""


def _malformed(scheme: str) -> str:
    """What comes after the ': ' says what to do."""
    plugin = _services()[scheme]
    if not plugin.enabled:
        return f"{scheme}:// does not work on this machine"
    form = FORMS.get(scheme) or plugin.templates[0].replace("{schema}", scheme)
    advice = f"it should look like {form}" if len(form) <= LONGEST_FORM else f"see {plugin.setup_url}"
    return f"this {scheme} address can't be used: {advice}"


def _refuse_what_cannot_work(plugin: NotifyBase) -> None:
    if plugin.port and not 0 < plugin.port <= LAST_PORT:
        raise ChannelError(f"there is no port {plugin.port}")
    if isinstance(plugin, NotifyEmail) and plugin.pgp_mode != PGP_MODE_DEFAULT:
        raise ChannelError("this address asks for PGP, which is not available")


def _recipients(plugin: NotifyBase) -> int:
    if isinstance(plugin, NotifyEmail):
        return len(plugin.targets) and len(plugin.targets) + len(plugin.cc) + len(plugin.bcc)
    return len(plugin)
