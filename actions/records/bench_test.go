package records

import (
	"fmt"
	"strings"
	"testing"
)

// BenchmarkRead reads attempts as a product writes them.
func BenchmarkRead(b *testing.B) {
	const lines = 10_000
	var file strings.Builder
	for i := range lines {
		fmt.Fprintf(&file, `{"type":"attempt","at":"2026-03-%02dT09:%02d:%02d.123456Z","identifier":"user%d@acme.example","outcome":"wrong_password",`+
			`"user_id":"u-%d","ip":"198.51.%d.%d","country":"DE","asn":"AS64500","device_id":"d-%d","user_agent":"Mozilla/5.0 (X11; Linux x86_64)","vpn":false}`+"\n",
			1+i%28, i%60, i%60, i, i, i%256, i/256%256, i)
	}
	b.SetBytes(int64(file.Len()))
	for b.Loop() {
		for _, err := range Read("file", strings.NewReader(file.String())) {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(lines*b.N)/b.Elapsed().Seconds(), "records/s")
}
