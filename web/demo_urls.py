"""Addresses of the demo's letter box."""

from django.urls import path

from web import demo_mail

urlpatterns = [
    path("", demo_mail.mail_list, name="demo_mails"),
    path("<str:name>/", demo_mail.mail_page, name="demo_mail"),
    path("<str:name>/html/", demo_mail.mail_html, name="demo_mail_html"),
    path("<str:name>/source/", demo_mail.mail_source, name="demo_mail_source"),
    path("<str:name>/attachments/<int:number>/", demo_mail.mail_attachment, name="demo_mail_attachment"),
]
