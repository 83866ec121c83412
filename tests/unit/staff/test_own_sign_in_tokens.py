"""No token is believed unless this tenant signed it, for us, just now, for the sign-in that this session began."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from everyfamily.staff.doors.own_sign_in.tokens import TokenRefused, checked
from tests.factories.tenants import CLIENT, Tenant, rsa_key

NONCE = "the nonce of this sign-in"
ISSUER = "https://login.example.org/tenant/v2.0"


@cache
def _tenant() -> Tenant:
    return Tenant("eastmere", ISSUER)


def _checked(token: object, tenant: Tenant | None = None) -> dict[str, Any]:
    tenant = tenant or _tenant()
    return checked(token, tenant.keys(), tenant.sign_in(), NONCE)


def _with(**claims: Any) -> str:
    tenant = _tenant()
    tenant.claims = claims
    try:
        return tenant.id_token(NONCE)
    finally:
        tenant.claims = {}


def test_a_good_token_is_believed() -> None:
    claims = _checked(_with(amr=["pwd", "mfa"]))
    assert (claims["sub"], claims["amr"]) == ("subject-1", ["pwd", "mfa"])
    assert _tenant().sign_in().took_second_step(claims)


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"iss": "https://login.example.org/another/v2.0"}, "issuer"),
        ({"iss": ISSUER + "/"}, "issuer"),
        ({"iss": None}, "token"),
        ({"aud": "another client"}, "audience"),
        ({"aud": None}, "token"),
        ({"aud": [CLIENT, "another client"]}, "audience"),
        ({"azp": "another client"}, "audience"),
        ({"nonce": "of another sign-in"}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"nonce": ["a list"]}, "nonce"),
        ({"nonce": "\ud800"}, "nonce"),
        ({"exp": int(time.time()) - 3600}, "token"),
        ({"exp": None}, "token"),
        ({"exp": "soon"}, "token"),
        ({"iat": int(time.time()) + 3600}, "token"),
        ({"iat": None}, "token"),
        ({"nbf": int(time.time()) + 3600}, "token"),
        ({"sub": None}, "token"),
        ({"sub": 7}, "token"),
        ({"sub": ""}, "subject"),
        ({"sub": "x" * 192}, "subject"),
        ({"sub": "nul\0"}, "subject"),
    ],
)
def test_a_token_for_somebody_else_or_another_time_is_not(claims: dict[str, Any], why: str) -> None:
    with pytest.raises(TokenRefused) as raised:
        _checked(_with(**claims))
    assert raised.value.why == why


def _none(claims: dict[str, Any]) -> str:
    return jwt.encode(claims, None, "none", headers={"kid": "key-1"})


def _by_another(claims: dict[str, Any]) -> str:
    return jwt.encode(claims, Tenant("northmere").key, "ES256", headers={"kid": "key-1"})


def _another_name(claims: dict[str, Any]) -> str:
    return jwt.encode(claims, _tenant().key, "ES256", headers={"kid": "key-2"})


@pytest.mark.parametrize("signed_by", [_none, _by_another, _another_name])
def test_a_token_that_the_tenants_key_did_not_sign_is_not(signed_by: Callable[[dict[str, Any]], str]) -> None:
    tenant = Tenant("eastmere", ISSUER, key=_tenant().key, signed_by=signed_by)
    with pytest.raises(TokenRefused):
        _checked(tenant.id_token(NONCE))


@pytest.mark.parametrize("algorithm", ["HS256", "HS512"])
def test_the_public_key_is_nobodys_secret(algorithm: str) -> None:
    """With a careless library, whoever has the public key could sign with it."""
    tenant = Tenant("eastmere", ISSUER, key=rsa_key(), algorithm="RS256")
    assert _checked(tenant.id_token(NONCE), tenant)["sub"] == "subject-1"
    public = tenant.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    head = {"kid": "key-1", "alg": algorithm, "typ": "JWT"}
    signing = jwt.get_algorithm_by_name(algorithm)
    parts = [jwt.utils.base64url_encode(part).decode() for part in _parts(head, tenant)]
    signature = signing.sign(".".join(parts).encode(), public)
    with pytest.raises(TokenRefused):
        _checked(".".join([*parts, jwt.utils.base64url_encode(signature).decode()]), tenant)


def _parts(head: dict[str, str], tenant: Tenant) -> list[bytes]:
    import json

    claims = jwt.decode(tenant.id_token(NONCE), options={"verify_signature": False})
    return [json.dumps(head).encode(), json.dumps(claims).encode()]


def test_a_secret_in_the_list_of_public_keys_signs_nothing() -> None:
    """Everybody can read the list, so everybody could sign with it."""
    secret = "a secret of thirty-two letters, published"
    listed = {
        "kty": "oct",
        "k": jwt.utils.base64url_encode(secret.encode()).decode(),
        "kid": "key-1",
        "alg": "HS256",
    }
    tenant = Tenant("eastmere", ISSUER, key=_tenant().key, signed_by=lambda claims: _signed(claims, secret))
    with pytest.raises(TokenRefused):
        checked(tenant.id_token(NONCE), {"keys": [listed]}, tenant.sign_in(), NONCE)


def _signed(claims: dict[str, Any], secret: str) -> str:
    return jwt.encode(claims, secret, "HS256", headers={"kid": "key-1"})


def test_a_token_that_names_no_key_is_believed_only_if_there_is_one() -> None:
    tenant = Tenant("eastmere", ISSUER, key=_tenant().key, signed_by=_unnamed)
    (key,) = tenant.keys()["keys"]
    assert checked(tenant.id_token(NONCE), {"keys": [key]}, tenant.sign_in(), NONCE)["sub"] == "subject-1"
    with pytest.raises(TokenRefused):
        checked(tenant.id_token(NONCE), {"keys": [key, key | {"kid": "key-2"}]}, tenant.sign_in(), NONCE)
    # A key that is for something else is none.
    with pytest.raises(TokenRefused):
        checked(tenant.id_token(NONCE), {"keys": [key | {"use": "enc"}]}, tenant.sign_in(), NONCE)


def _unnamed(claims: dict[str, Any]) -> str:
    return jwt.encode(claims, _tenant().key, "ES256")


@pytest.mark.parametrize(
    "keys",
    [
        {},
        {"keys": []},
        {"keys": [7]},
        {"keys": "none"},
        {"keys": [{"kty": "oct", "k": "c2VjcmV0", "kid": "key-1"}]},
    ],
)
def test_without_the_tenants_keys_nothing_is_believed(keys: dict[str, Any]) -> None:
    with pytest.raises(TokenRefused):
        checked(_with(), keys, _tenant().sign_in(), NONCE)


@pytest.mark.parametrize("token", [None, 7, "", "a.b", "a.b.c", "e30.e30.e30", "x" * 10_000])
def test_what_is_no_token_is_not_believed(token: object) -> None:
    with pytest.raises(TokenRefused):
        _checked(token)


def test_a_sign_in_without_a_nonce_believes_nothing() -> None:
    with pytest.raises(TokenRefused):
        checked(_tenant().id_token(""), _tenant().keys(), _tenant().sign_in(), "")


@pytest.mark.parametrize(
    ("claims", "took"),
    [
        ({"amr": ["pwd", "mfa"]}, True),
        ({"amr": "mfa"}, True),
        ({"amr": ["pwd"]}, False),
        ({"amr": ["mfa2", ["mfa"], {"mfa": 1}, 7]}, False),
        ({"amr": {"mfa": True}}, False),
        ({"amr": "pwd mfa"}, False),
        ({"acr": "mfa"}, False),
        ({}, False),
    ],
)
def test_a_second_step_is_what_the_set_claim_says(claims: dict[str, Any], took: bool) -> None:
    assert _tenant().sign_in().took_second_step(claims) is took


def test_another_claim_can_be_the_one_that_says_it() -> None:
    sign_in = _tenant().sign_in(claim="acrs", has=frozenset({"c1"}))
    assert sign_in.took_second_step({"acrs": ["c1"]})
    assert not sign_in.took_second_step({"amr": ["mfa"]})
