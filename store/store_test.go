package store_test

import (
	"testing"

	"github.com/latchkey-bot/latchkey/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }
