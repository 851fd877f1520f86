package sesfake

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// TestVerify checks the algorithm with the examples of Amazon's own test suite for
// it (https://docs.aws.amazon.com/general/latest/gr/signature-v4-test-suite.html):
// their key, their requests, the signatures that they should have.
func TestVerify(t *testing.T) {
	account := Account{Region: "us-east-1", AccessKeyID: Sydney.AccessKeyID, SecretAccessKey: Sydney.SecretAccessKey}
	now := time.Date(2015, 8, 30, 12, 36, 0, 0, time.UTC)
	for name, row := range map[string]struct{ target, signature string }{
		"get-vanilla":                      {"/", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
		"get-vanilla-query-order-key-case": {"/?Param2=value2&Param1=value1", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
	} {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodGet, "https://example.amazonaws.com"+row.target, nil)
			r.Header.Set("X-Amz-Date", now.Format(dateForm))
			r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "+
				"SignedHeaders=host;x-amz-date, Signature="+row.signature)
			if code := account.Verify(r, "service", now); code != "" {
				t.Errorf("it is refused: %s", code)
			}
			if code := account.Verify(r, "service", now.Add(skewLimit+time.Second)); code != "InvalidSignatureException" {
				t.Errorf("later it is %q", code)
			}
			r.Method = http.MethodDelete
			if code := account.Verify(r, "service", now); code != "InvalidSignatureException" {
				t.Errorf("of another method it is %q", code)
			}
		})
	}
}
