"""Errors in the words of the protocol."""

#: Number of the error -> HTTP status, sentence.
ERRORS = {
    1: (400, "Syntax error"),
    2: (400, "Required parameter is missing"),
    3: (400, "Unknown operation"),
    4: (400, "Invalid parameter"),
    13: (500, "Unknown error"),
    102: (403, "User Authentication Error"),
    103: (403, "Access denied"),
    104: (403, "Site Authentication Error"),
    201: (400, "Data error"),
    202: (409, "Unique constraint violation"),
    301: (404, "No results"),
    302: (500, "Cache error"),
    303: (409, "Resource is locked"),
}


class AbcpError(Exception):
    """The answer is an error.

    :param int code: ``errorCode`` of the protocol
    :param str message: ``errorMessage``; the usual sentence when left out
    :param int status: HTTP status; the usual one when left out
    """

    def __init__(self, code, message="", status=None):
        usual_status, usual_message = ERRORS.get(code, (400, "Error"))
        super().__init__(message or usual_message)
        self.code = code
        self.status = status or usual_status

    @property
    def body(self):
        return {"errorCode": self.code, "errorMessage": str(self)}
