"""Tell people's mistakes from the product's own."""


class WrongInput(ValueError):
    """What somebody gave cannot be used; the message says what it was and what to do.

    Interfaces turn it into a form error, a problem document or exit code 2; everything else is a defect and stays one.
    """
