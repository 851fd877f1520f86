package main

import (
	"bytes"
	"flag"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"github.com/latchkey-bot/latchkey/bot/browsertest"
)

// updateScreenshots makes the pictures of the demo anew:
//
//	go test ./cmd/latchkey -run Screenshots -update-screenshots
var updateScreenshots = flag.Bool("update-screenshots", false, "take the pictures in bot/sandbox/screenshots anew")

// screenshots is where the pictures of the demo stand.
var screenshots = filepath.Join("..", "..", "bot", "sandbox", "screenshots")

// heaviest is how many bytes a picture may have: README shows them.
const heaviest = 200_000

// TestScreenshots holds that the pictures of the demo are there: the welcome
// page, an answer, the mail that helps, the cases in L2's channel, the temporary admins beside their
// site, and the pages of a secret and of a request, wide and narrow, light and dark. With the flag it takes them anew, from a demo
// that runs.
func TestScreenshots(t *testing.T) {
	for _, width := range []int{1280, 320} {
		for _, look := range []string{"light", "dark"} {
			eyes := eyes(width, look)
			t.Run(fmt.Sprintf("%d-%s", width, look), func(t *testing.T) {
				if *updateScreenshots {
					takePictures(t, eyes, fmt.Sprintf("%d-%s.png", width, look))
					takePages(t, eyes, fmt.Sprintf("%d-%s.png", width, look))
				}
				for _, name := range []string{"welcome", "answer", "mail", "case", "tempadmin", "digest", "home", "secret", "request"} {
					checkPicture(t, eyes, fmt.Sprintf("%s-%d-%s.png", name, width, look))
				}
			})
		}
	}
}

// eyes are those for which pictures are taken.
func eyes(width int, look string) browsertest.Options {
	o := browsertest.Options{
		Width: width, Height: 860, Dark: look == "dark", ReducedMotion: true, TimeZone: "Australia/Melbourne", Locale: "en-AU",
	}
	if width < 600 {
		o.Height, o.Touch = 640, true
	}
	return o
}

// takePictures takes one of the welcome page, one of an answer, one of a mail, one of
// L2's channel, and one of the temporary admins.
func takePictures(t *testing.T, eyes browsertest.Options, name string) {
	browsertest.Open(t, eyes).Close() // starts the browser before there is a demo
	o := openDemo(t)
	v := visit(t, o.url, eyes)
	v.Screenshot(filepath.Join(screenshots, "welcome-"+name))
	answer := v.afterwards(v.By("button", "Ask about Jane Doe").First().Click)
	v.Screenshot(filepath.Join(screenshots, "answer-"+name))
	v.unlockAndSendReset(answer)
	if eyes.Touch {
		v.CSS("#open-guide").Click()
	}
	v.CSS("#tab-post").Click()
	v.CSS("#mails button").First().Click()
	v.CSS("#letter iframe").Wait()
	v.Screenshot(filepath.Join(screenshots, "mail-"+name))
	v.toL2(o.url, eyes.Touch)
	v.Screenshot(filepath.Join(screenshots, "case-"+name))
	v.toAdmins(o.url, eyes.Touch)
	v.Screenshot(filepath.Join(screenshots, "tempadmin-"+name))
	v.toLeads(o.url, eyes.Touch)
	v.Screenshot(filepath.Join(screenshots, "digest-"+name))
	v.toHome(eyes.Touch)
	v.Screenshot(filepath.Join(screenshots, "home-"+name))
	v.Close()
	if err := o.end(); err != nil {
		t.Errorf("the demo ends with %v", err)
	}
}

// toL2 goes to L2's channel as one of its engineers.
func (v visitor) toL2(url string, narrow bool) {
	v.t.Helper()
	v.Goto(url)
	v.CSS(`body[data-ready="true"][data-live="true"]`).Wait()
	if narrow {
		v.CSS("#open-side").Click()
	}
	v.become("Liv Andersen")
	v.goTo(l2Channel)
	v.answers().Last().By("button", "Claim").Wait()
}

// toAdmins asks, as an agent, which temporary admins there are, and looks at the site.
func (v visitor) toAdmins(url string, narrow bool) {
	v.t.Helper()
	v.Goto(url)
	v.CSS(`body[data-ready="true"][data-live="true"]`).Wait()
	if narrow {
		v.CSS("#open-side").Click()
	}
	v.become("Ava Reyes")
	v.goTo(supportChannel)
	v.CSS("#composer").Click()
	v.Type("/tempadmin list")
	v.By("button", "Send").Click()
	v.answers().Last().WaitText("Acme shop", "support-temp-")
	if narrow {
		v.CSS("#open-site").Click()
	}
	v.CSS("#site-users tr.temporary").Wait()
}

// toLeads goes to the leads' channel as one of them, where the digest came this morning.
func (v visitor) toLeads(url string, narrow bool) {
	v.t.Helper()
	v.Goto(url)
	v.CSS(`body[data-ready="true"][data-live="true"]`).Wait()
	if narrow {
		v.CSS("#open-side").Click()
	}
	v.become("Marcus Webb")
	v.goTo(leadsChannel)
	messages := v.CSS("#messages").WaitText("Lockouts on", "The audit has")
	browsertest.Of[bool](messages, `[...this.querySelectorAll("article.app")].find(a => a.textContent.includes("Lockouts on")).scrollIntoView() === undefined`)
}

// toHome opens the app's Home.
func (v visitor) toHome(narrow bool) {
	v.t.Helper()
	if narrow {
		v.CSS("#open-side").Click()
	}
	v.CSS("#apps .place").Click()
	v.CSS("#tab-home").Click()
	v.CSS("#home").WaitText("Today's numbers")
}

// takePages takes one of the page of a secret, and one of a request's, as customers
// see them. They are made in a wide window, where it doesn't matter how they look.
func takePages(t *testing.T, eyes browsertest.Options, name string) {
	o := openDemo(t)
	v := visit(t, o.url, browsertest.Options{})
	v.sendJaneASecret()
	secret := v.readMail("jane@acme.example", "/s/")
	v.Goto(o.url)
	v.CSS(`body[data-ready="true"][data-live="true"]`).Wait()
	v.askUgo()
	request := v.readMail("ugo@harborline.example", "/r/")
	v.Close()
	for page, link := range map[string]string{"secret": secret, "request": request} {
		p := browsertest.Open(t, eyes)
		p.Goto(link)
		p.CSS(`main:not([data-state="loading"])`).Wait()
		p.Screenshot(filepath.Join(screenshots, page+"-"+name))
		p.Close()
	}
	if err := o.end(); err != nil {
		t.Errorf("the demo ends with %v", err)
	}
}

func checkPicture(t *testing.T, eyes browsertest.Options, name string) {
	file, err := os.ReadFile(filepath.Join(screenshots, name))
	if err != nil {
		t.Fatal(err)
	}
	picture, err := png.DecodeConfig(bytes.NewReader(file))
	if err != nil || picture.Width != eyes.Width || picture.Height != eyes.Height || len(file) > heaviest {
		t.Errorf("%s is %d by %d and has %d bytes: %v", name, picture.Width, picture.Height, len(file), err)
	}
}
