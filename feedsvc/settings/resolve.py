"""What follows from a configuration: where sources lie and what they are called, where to listen."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote, urlsplit

from msgspec.structs import replace

from feedsvc.errors import ConfigurationError
from feedsvc.settings.check import is_base_url, place
from feedsvc.settings.schema import RIGHT, Settings, SourceKind, SourceSection
from feedsvc.text import slug
from feedsvc.weburl import ascii_host, key, site

DEFAULT_SOURCE = "seeds"
LOOPBACK = "127.0.0.1"
IN_MEMORY = ":memory:"

_PATH_SAFE = "/%:@!$&'()*+,;=~"  # RFC 3986 3.3, and what is percent-encoded already

PLATFORM_URLS = {
    "RENDER_EXTERNAL_URL": "{}",
    "RAILWAY_PUBLIC_DOMAIN": "https://{}",
    "KOYEB_PUBLIC_DOMAIN": "https://{}",
    "HEROKU_APP_DEFAULT_DOMAIN_NAME": "https://{}",
    "FLY_APP_NAME": "https://{}.fly.dev",
    "WEBSITE_HOSTNAME": "https://{}",
}
"""Variables in which platforms name the public address; they count beside `PORT` only."""


def with_sources(settings: Settings, root: Path) -> Settings:
    """Return the settings with every source's path from `root` and its name as a slug, all different."""
    configured = settings.source
    if not configured and Path(DEFAULT_SOURCE).is_dir():
        configured, root = (SourceSection(path=DEFAULT_SOURCE),), Path()
    seen: dict[str, str] = {}
    named = []
    for index, source in enumerate(configured):
        at = place(f"source[{index}]", settings.where)
        try:
            each = _on_the_web(source) if source.url else _on_disk(source, root)
        except (RuntimeError, ValueError, OSError) as error:  # no such home, NUL, links that go round
            raise ConfigurationError(f"source {source.path!r}: {error}", where=at) from error
        if not each.name:
            message = f"source {source.location!r} needs a name with a letter or digit"
            raise ConfigurationError(message, where=at)
        if each.name in seen:
            raise ConfigurationError(
                f"two sources are named {each.name!r}: {seen[each.name]} and {each.location}; "
                "give each [[source]] a name of its own in feedsvc.toml",
                where=at,
            )
        seen[each.name] = each.location
        named.append(each)
    return replace(settings, source=tuple(named))


def _on_disk(source: SourceSection, root: Path) -> SourceSection:
    path = root / Path(source.path).expanduser()
    return replace(source, path=str(path), name=slug(source.name or path.resolve().name), kind="folder")


def _on_the_web(source: SourceSection) -> SourceSection:
    """Return a source with its address as a key, named after its host; some keys say what kind it is."""
    told: SourceKind | None = "listing" if source.items else "feed" if source.full_text else None
    return replace(
        source,
        url=key(source.url) or source.url,
        name=slug(source.name or site(source.url)),
        kind=source.kind or told,
    )


def with_state(settings: Settings, root: Path) -> Settings:
    """Return the settings with the journal's path from `root`, unless the environment names it."""
    path = settings.state.path
    if path == IN_MEMORY or settings.where.get("state.path", "").startswith("environment"):
        return settings
    try:
        found = root / Path(path).expanduser()
    except RuntimeError as error:  # no such home
        raise ConfigurationError(f"state.path: {error}", where=place("state.path", settings.where)) from error
    return replace(settings, state=replace(settings.state, path=str(found)))


def with_address(settings: Settings, environ: Mapping[str, str]) -> Settings:
    """Return the settings with host and base URL filled in as far as they can be known."""
    host = settings.server.host or LOOPBACK
    url = settings.site.base_url or _platform_url(environ)
    if not url and host in {LOOPBACK, "localhost", "::1"}:
        shown = f"[{host}]" if ":" in host else host
        url = f"http://{shown}:{settings.server.port}"
    address = LOOPBACK if host == "localhost" else host
    server, site = replace(settings.server, host=address), replace(settings.site, base_url=_ascii_url(url))
    return replace(settings, server=server, site=site)


def _platform_url(environ: Mapping[str, str]) -> str:
    """Return the address that a platform names; "" where none routes to us, which it says by `PORT`."""
    if not environ.get("PORT"):
        return ""
    named = (pattern.format(environ[name]) for name, pattern in PLATFORM_URLS.items() if environ.get(name))
    return next((url for url in named if is_base_url(url)), "")


def _ascii_url(url: str) -> str:
    """Return a base URL in ASCII (host by IDNA, path percent-encoded) and without a trailing slash."""
    if not url:
        return ""
    parts = urlsplit(url)
    host = ascii_host(parts.hostname or "")
    netloc = f"{host}:{parts.port}" if parts.port else host
    return f"{parts.scheme}://{netloc}{quote(parts.path, _PATH_SAFE)}".rstrip("/")


def require_address(settings: Settings) -> None:
    """Refuse a site whose public address nobody named."""
    if settings.site.base_url:
        return
    at = settings.where.get("server.port", settings.where.get("server.host", ""))
    raise ConfigurationError(
        f"links would point nowhere: set site.base_url (or FEEDSVC_SITE__BASE_URL) to {RIGHT['base_url']}",
        where=at,
    )
