"""Writes the settings for nginx and Caddy for an exported site. Both give the same answers.

Both serve the files as they are: no program runs for a visitor, and nothing about a visitor is recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from everyfamily.parentsite.headers import CONTENT_TYPES, FOLDERS, Kind, headers

ROOT = "/srv/everyfamily/public"
"""Where the settings say that the export's folder `public` is, unless told otherwise."""


def nginx_conf(
    *, server_name: str, base: str, languages: Sequence[str], root: str = ROOT, test_listen: str | None = None
) -> str:
    """A server block for `/etc/nginx/conf.d`, for nginx 1.25.1 or newer.

    `base` is the path of the site, empty or like `/families`. `languages` are tags such as `ur`, with or without
    English (which is at the root). `test_listen`, such as `127.0.0.1:8080`, makes it a plain http server at that
    address with the same locations, for tests.
    """
    https = test_listen is None
    body = [
        *(_nginx_https(server_name) if test_listen is None else [f"listen {test_listen};"]),
        f"server_name {server_name};",
        "server_tokens off;",
        "# What is no request at all must leave no address in a log either.",
        *_NGINX_NO_LOG,
        "# Slow senders are let go. No limit counts requests by address: a whole school is one address.",
        "client_header_timeout 15s;",
        "client_max_body_size 1k;",
        "",
        *_block(f"location {base}/", _nginx_site(base, _others(languages), root, https=https)),
    ]
    if base:
        body += _block(f"location = {base}", [f"rewrite ^ {base}/ last;"])
        body += _block("location /", ["return 404;"])
    redirect = _nginx_redirect(server_name) if https else []
    return _text([*_nginx_head(base), *_block("server", body), *redirect])


_NGINX_NO_LOG = ["access_log off;", "log_not_found off;", "error_log /dev/null emerg;"]


def _nginx_head(base: str) -> list[str]:
    head = [
        "# The parent site for nginx. Written by `everyfamily site`; the next export writes it again.",
        "# Put the folder `public` where `alias` says, and this file into /etc/nginx/conf.d; then `nginx -t`.",
        "# For a morning on which every family gets the letter, nginx.conf needs `worker_processes auto;` and",
        "# `worker_connections 8192;`.",
    ]
    if base:
        head.append(f"# If the name already has a server, take only the two blocks for {base} into it.")
    return [*head, ""]


def _nginx_https(server_name: str) -> list[str]:
    return [
        "listen 443 ssl;",
        "listen [::]:443 ssl;",
        "# Needs nginx 1.25.1; with an older one leave this line out, and write `listen 443 ssl http2;` above.",
        "http2 on;",
        "# Your certificate goes here; without one nginx does not start.",
        f"# ssl_certificate     /etc/ssl/{server_name}/fullchain.pem;",
        f"# ssl_certificate_key /etc/ssl/{server_name}/privkey.pem;",
        "ssl_protocols TLSv1.2 TLSv1.3;",
        "# By a session ticket a visitor could be known again.",
        "ssl_session_tickets off;",
    ]


def _nginx_redirect(server_name: str) -> list[str]:
    server = [
        "listen 80;",
        "listen [::]:80;",
        f"server_name {server_name};",
        "server_tokens off;",
        *_NGINX_NO_LOG,
        f"return 301 https://{server_name}$request_uri;",
    ]
    return ["", "# For addresses typed without https, as from paper.", *_block("server", server)]


def _nginx_site(base: str, others: Sequence[str], root: str, *, https: bool) -> list[str]:
    """The block that serves the site, complete in itself. Every folder in it repeats all its headers, because in nginx
    a block with its own `add_header` forgets those of the block around it."""
    lines = [
        f"alias {root}/;",
        "# Nothing is written about a visitor: no line for a request, and none for one that fails, for it would",
        "# carry the visitor's address. What goes wrong for everyone, as a bad start, is in nginx's main log.",
        *_NGINX_NO_LOG,
        *_block("types", [f'"{kind}" {suffix.removeprefix(".")};' for suffix, kind in CONTENT_TYPES.items()]),
        "default_type application/octet-stream;",
        "# Beside each page lies its compressed twin.",
        "gzip off;",
        "gzip_static on;",
        "gzip_vary on;",
        "sendfile on;",
        "tcp_nopush on;",
        "keepalive_timeout 30s;",
        "reset_timedout_connection on;",
        "# A new export shows after this long at most.",
        "open_file_cache max=10000 inactive=10m;",
        "open_file_cache_valid 30s;",
        "open_file_cache_errors on;",
        "",
        *_nginx_headers(Kind.PAGE, https),
        f"error_page 404 {base}/404.html;",
        "# A letter prints an address without its last slash; it answers at once, without a redirect.",
        "try_files $uri/index.html $uri =404;",
        "",
        *_block("location ~ (?:/\\.|\\.gz$)", ["return 404;"]),
    ]
    for folder, kind in FOLDERS.items():
        lines += _block(f"location {base}/{folder}/", [*_nginx_headers(kind, https), "try_files $uri =404;"])
    for language in others:
        own = [f"error_page 404 {base}/{language}/404.html;", "try_files $uri/index.html $uri =404;"]
        lines += _block(f"location {base}/{language}/", own)
    for place in ["", *(f"/{language}" for language in others)]:
        missing = ["internal;", *_nginx_headers(Kind.NOT_FOUND, https)]
        lines += _block(f"location = {base}{place}/404.html", missing)
    return lines


def _nginx_headers(kind: Kind, https: bool) -> list[str]:
    """`always` puts a header on errors too. The header on how long to keep a file is left out, because a refused
    request is not an asset."""
    return [
        f'add_header {name} "{value}"{"" if name == "Cache-Control" and kind is not Kind.NOT_FOUND else " always"};'
        for name, value in headers(kind, https=https).items()
    ]


def caddyfile(
    *, server_name: str, base: str, languages: Sequence[str], root: str = ROOT, test_listen: str | None = None
) -> str:
    """A Caddyfile, for Caddy 2.6 or newer, which gets its certificate by itself. The parameters are those of
    `nginx_conf`."""
    https = test_listen is None
    site = [
        f"root * {root}",
        "header -Server",
        *_block(
            "route",
            [
                "@other not method GET HEAD",
                "error @other 405",
                *([f"rewrite {base} {base}/"] if base else []),
                *_block(f"handle_path {base}/*", _caddy_site(https)),
                *(["error 404"] if base else []),
            ],
        ),
        *_block("handle_errors", _caddy_errors(base, _others(languages), https)),
    ]
    head = [
        "# The parent site for Caddy. Written by `everyfamily site`; the next export writes it again.",
        "# Put the folder `public` where `root` says; then `caddy validate`.",
        "# There is no `log` directive here, and there must be none: without it Caddy writes nothing about a visitor,",
        "# but for a fault of its own (status 500).",
        "",
    ]
    address = server_name if test_listen is None else f"http://{test_listen}"
    return _text([*head, *_block(address, site)]).replace("    ", "\t")


def _caddy_site(https: bool) -> list[str]:
    """What happens to an address after its `base` is cut off, in this order."""
    others = " ".join(f"/{folder}/*" for folder in FOLDERS)
    lines = [
        "@refused path */.* *.gz */404.html",
        "error @refused 404",
        "# A letter prints an address without its last slash; it answers at once, without a redirect.",
        "try_files {path}/index.html {path}",
        "@missing not file",
        "error @missing 404",
        f"@page not path {others}",
        *_caddy_headers("@page", Kind.PAGE, https),
    ]
    for folder, kind in FOLDERS.items():
        lines += _caddy_headers(f"/{folder}/*", kind, https)
    lines += [f'header *{suffix} Content-Type "{kind}"' for suffix, kind in CONTENT_TYPES.items()]
    return [*lines, *_block("file_server", ["precompressed gzip", "disable_canonical_uris"])]


def _caddy_errors(base: str, others: Sequence[str], https: bool) -> list[str]:
    lines = [
        "header -Server",
        *_caddy_headers("", Kind.NOT_FOUND, https),
        "@missing expression {http.error.status_code} == 404",
    ]
    pages = [f"/{language}/404.html" for language in others]
    route = [f"rewrite {base}/{language}/* {page}" for language, page in zip(others, pages, strict=True)]
    route += (
        [f"@english not path {' '.join(pages)}", "rewrite @english /404.html"]
        if pages
        else ["rewrite * /404.html"]
    )
    route += _block("file_server", ["precompressed gzip", "status 404"])
    missing = ['header Content-Type "text/html; charset=utf-8"', *_block("route", route)]
    return [*lines, *_block("handle @missing", missing)]


def _caddy_headers(matcher: str, kind: Kind, https: bool) -> list[str]:
    return _block(
        f"header {matcher}".strip(),
        [f'{name} "{value}"' for name, value in headers(kind, https=https).items()],
    )


def _others(languages: Iterable[str]) -> list[str]:
    return [language for language in languages if language != "en"]


def _block(head: str, lines: Iterable[str]) -> list[str]:
    return [f"{head} {{", *_indented(lines), "}"]


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"    {line}" if line else "" for line in lines]


def _text(lines: Iterable[str]) -> str:
    return "\n".join(lines) + "\n"
