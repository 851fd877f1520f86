package sesfake

// messages say the errors as the reference does, by their code.
var messages = map[string]string{
	"AccessDeniedException":               "User: arn:aws:iam::123456789012:user/latchkey is not authorized to perform: ses:ListSuppressedDestinations",
	"BadRequestException":                 "The input you provided is invalid.",
	"IncompleteSignatureException":        "The request signature doesn't conform to AWS standards.",
	"InternalFailure":                     "The request can't be processed right now because of an internal server issue.",
	"InvalidNextTokenException":           "The specified request includes an invalid or expired token.",
	"InvalidSignatureException":           "The request signature we calculated does not match the signature you provided.",
	"MissingAuthenticationTokenException": "Missing Authentication Token",
	"NotFoundException":                   "The resource you attempted to access doesn't exist.",
	"TooManyRequestsException":            "Too many requests have been made to the operation.",
	"UnknownOperationException":           "The action or operation requested is invalid.",
	"UnrecognizedClientException":         "The security token included in the request is invalid.",
}
