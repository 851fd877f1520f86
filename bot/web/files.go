package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"net/http"
	"path"
	"strings"
)

//go:embed page
var embedded embed.FS

// mediaOf is the type of each kind of file, by the ending of its name.
var mediaOf = map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}

// pageFiles are the embedded files that a page loads. Each is served below the
// page's own path, by a name that changes with what is in it.
type pageFiles struct {
	names  map[string]string   // as they are served, by their own: "page.css"
	served map[string]pageFile // by the name as it is served
}

type pageFile struct {
	media   string
	content []byte
}

// readFiles reads embedded files of the folder page.
func readFiles(names ...string) pageFiles {
	f := pageFiles{names: map[string]string{}, served: map[string]pageFile{}}
	for _, name := range names {
		content, err := embedded.ReadFile("page/" + name)
		if err != nil {
			panic(fmt.Sprintf("web: the embedded files aren't there: %v", err))
		}
		sum := sha256.Sum256(content)
		ending := path.Ext(name)
		hashed := strings.TrimSuffix(name, ending) + "-" + hex.EncodeToString(sum[:6]) + ending
		f.names[name], f.served[hashed] = hashed, pageFile{mediaOf[ending], content}
	}
	return f
}

// has reports whether a name is that of a file as it is served.
func (f pageFiles) has(name string) bool { return f.served[name].media != "" }

// serve answers with the file of that name.
func (f pageFiles) serve(w http.ResponseWriter, name string) {
	file := f.served[name]
	w.Header().Set("Content-Type", file.media)
	_, _ = w.Write(file.content) // who hung up reads nothing
}
