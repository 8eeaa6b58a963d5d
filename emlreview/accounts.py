"""How people log in: by e-mail, with accounts that staff make."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import reverse


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up: the secretariat seats the members of a meeting."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Staff arrive in the admin, members in the committee room, unless they asked for a page of their own."""
        if getattr(request.user, "is_staff", False):
            return reverse("admin:index")
        return str(super().get_login_redirect_url(request))
