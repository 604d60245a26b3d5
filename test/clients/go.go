// As a server does it: Go with net/http. It discards an answer to a call that has not exactly three parts.
package main

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

var baseURL = os.Getenv("BASE_URL")

func ringOut(command string, fields url.Values) string {
	fields.Set("cmd", command)
	response, err := http.Get(baseURL + "/ringout.asp?" + fields.Encode())
	if err != nil {
		log.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		log.Fatal(err)
	}
	answer := string(body)
	if !strings.HasPrefix(answer, "OK ") {
		log.Fatalf("%s failed: %s", command, answer)
	}
	fmt.Printf("%s: %s\n", command, answer)
	return answer
}

func user() url.Values {
	return url.Values{
		"Username": {os.Getenv("RC_USERNAME")},
		"Ext":      {os.Getenv("RC_EXT")},
		"Password": {os.Getenv("RC_PASSWORD")},
	}
}

func main() {
	ringOut("list", user())

	call := user()
	call.Set("To", os.Getenv("TO"))
	call.Set("From", os.Getenv("FROM"))
	call.Set("Prompt", "1")
	parts := strings.Split(ringOut("call", call), " ")
	if len(parts) != 3 {
		log.Fatal("call: not three parts")
	}
	session := url.Values{"SessionID": {parts[1]}, "WS": {parts[2]}}
	ringOut("status", session)
	ringOut("cancel", session)

	path := os.Getenv("FAX_FILE")
	document, err := os.ReadFile(path)
	if err != nil {
		log.Fatal(err)
	}
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	form.WriteField("Username", os.Getenv("RC_USERNAME")+"*"+os.Getenv("RC_EXT"))
	form.WriteField("Password", os.Getenv("RC_PASSWORD"))
	form.WriteField("Recipient", os.Getenv("TO")+"|Demo Recipient")
	form.WriteField("Coverpage", "None")
	part, err := form.CreateFormFile("Attachment", filepath.Base(path))
	if err != nil {
		log.Fatal(err)
	}
	part.Write(document)
	form.Close()
	response, err := http.Post(baseURL+"/faxapi.asp", form.FormDataContentType(), &body)
	if err != nil {
		log.Fatal(err)
	}
	defer response.Body.Close()
	answer, _ := io.ReadAll(response.Body)
	if string(answer) != "0" {
		log.Fatalf("fax failed: %s", answer)
	}
	fmt.Printf("fax: %s\n", answer)
}
