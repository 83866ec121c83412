"""GOV.UK Notify: email, text messages and letters, by its official client."""
