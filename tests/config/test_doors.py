"""What every answer carries, whatever room it comes from."""

from importlib import import_module

import pytest
from django.test import Client


@pytest.mark.django_db
def test_a_page_may_load_nothing_from_elsewhere_and_be_framed_by_no_one() -> None:
    policy = Client().get("/admin/login/")["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.django_db
def test_pages_of_other_sites_may_read_the_api_without_cookies_and_not_write_with_it() -> None:
    origin = {"origin": "https://elsewhere.example.org"}
    read = Client().get("/api/v1/", headers=origin)
    assert read["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in read
    asked = Client().options("/api/v1/", headers={**origin, "access-control-request-method": "POST"})
    assert "POST" not in asked["Access-Control-Allow-Methods"]
    assert "Access-Control-Allow-Origin" not in Client().get("/admin/login/", headers=origin)


@pytest.mark.django_db
def test_styles_are_served_without_another_server() -> None:
    answer = Client().get("/static/admin/css/base.css")
    assert answer.status_code == 200
    answer.close()


def test_a_web_server_finds_the_application() -> None:
    assert callable(import_module("config.wsgi").application)
