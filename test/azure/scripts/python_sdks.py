"""Microsoft's Python SDKs against the double: prints what an application would see, as one line of JSON."""
import json
import os
import warnings

warnings.filterwarnings("ignore")

import msal
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import (
    ClientSecretCredential,
    CredentialUnavailableError,
    ManagedIdentityCredential,
)

env = os.environ
authority = f"{env['AUTHORITY_HOST']}/{env['TENANT']}"
scope = f"{env['RESOURCE']}/.default"


def confidential(secret):
    return msal.ConfidentialClientApplication(
        env["CLIENT_ID"], client_credential=secret, authority=authority, instance_discovery=False
    )


def msal_client_secret():
    app = confidential(env["CLIENT_SECRET"])
    first = app.acquire_token_for_client([scope])
    again = app.acquire_token_for_client([scope])
    return {
        "access_token": first.get("access_token"),
        "first_from": first.get("token_source"),
        "again_from": again.get("token_source"),
        "error": first.get("error_description"),
    }


def msal_wrong_secret():
    result = confidential("wrong").acquire_token_for_client([scope])
    return {name: result.get(name) for name in ("error", "error_codes", "correlation_id", "trace_id")}


def msal_device_code():
    app = msal.PublicClientApplication(env["PUBLIC_ID"], authority=authority, instance_discovery=False)
    flow = app.initiate_device_flow([f"{env['RESOURCE']}/read"])
    # One poll, without waiting for a person.
    pending = app.acquire_token_by_device_flow(flow, exit_condition=lambda _: True)
    return {"user_code": flow.get("user_code"), "message": flow.get("message"), "pending": pending.get("error")}


def identity_client_secret():
    credential = ClientSecretCredential(
        env["TENANT"],
        env["CLIENT_ID"],
        env["CLIENT_SECRET"],
        authority=env["AUTHORITY_HOST"],
        disable_instance_discovery=True,
    )
    return {"access_token": credential.get_token(scope).token}


def identity_wrong_secret():
    credential = ClientSecretCredential(
        env["TENANT"], env["CLIENT_ID"], "wrong", authority=env["AUTHORITY_HOST"], disable_instance_discovery=True
    )
    try:
        credential.get_token(scope)
    except ClientAuthenticationError as error:
        return {"raised": type(error).__name__, "message": str(error)}
    return {"raised": None}


def managed(source, **selector):
    """The source is chosen by the environment, which other parts must not see."""
    kept = {name: env.pop(name, None) for name in ("IDENTITY_ENDPOINT", "IDENTITY_HEADER")}
    if source == "app_service":
        env.update({name: value for name, value in kept.items() if value is not None})
    try:
        token = ManagedIdentityCredential(**selector).get_token("https://storage.azure.com/.default")
        return {"access_token": token.token}
    except CredentialUnavailableError as error:
        return {"raised": type(error).__name__, "message": str(error)}
    finally:
        env.update({name: value for name, value in kept.items() if value is not None})


print(
    json.dumps(
        {
            "msal_client_secret": msal_client_secret(),
            "msal_wrong_secret": msal_wrong_secret(),
            "msal_device_code": msal_device_code(),
            "identity_client_secret": identity_client_secret(),
            "identity_wrong_secret": identity_wrong_secret(),
            "imds": managed("imds"),
            "imds_user_assigned": managed("imds", client_id=env["USER_ASSIGNED"]),
            "imds_unknown": managed("imds", client_id="00000000-0000-0000-0000-00000000dead"),
            "app_service": managed("app_service"),
        }
    )
)
