"""Operations by method and path; each is a function of (shop, user, params)."""

from dataclasses import dataclass

from .errors import AbcpError


@dataclass
class Operation:
    """One operation of the protocol.

    :param tuple required: parameters that must not be empty
    :param bool is_public: works without login
    :param bool is_admin: for the administrator of the API only
    """

    run: object
    required: tuple = ()
    is_public: bool = False
    is_admin: bool = False

    def __call__(self, shop, user, params):
        for name in self.required:
            if params.get(name) in (None, "", {}, []):
                raise AbcpError(2, f"Required parameter '{name}' is missing")
        return self.run(shop, user, params)


OPERATIONS = {}


def operation(method, path, required=(), is_public=False, is_admin=False):
    """Register a function; ``method`` may be ``GET|POST``."""

    def register(function):
        for name in method.split("|"):
            OPERATIONS[name, path] = Operation(function, required, is_public, is_admin)
        return function

    return register


#: First words of the paths; what begins otherwise names a shop.
ROOTS = {
    "advices",
    "articles",
    "basket",
    "carbase",
    "cartree",
    "cp",
    "form",
    "orders",
    "search",
    "ts",
    "user",
}
