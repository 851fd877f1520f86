package store_test

import (
	"testing"

	"github.com/latchkey-bot/latchkey/store/storetest"
)

// TestConformance runs the suite that both databases must pass.
func TestConformance(t *testing.T) { storetest.Conformance(t) }
