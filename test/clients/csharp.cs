// As a desktop program does it: C# with HttpClient. .NET writes form-data names without quotation marks, adds filename*
// and a content type to every text field, quotes the boundary, and sends "Expect: 100-continue" first. The tests run
// this program if Mono is installed. The conformance tests send the bytes that .NET writes.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Threading.Tasks;

static class Program
{
    static readonly string BaseUrl = Environment.GetEnvironmentVariable("BASE_URL");
    static readonly HttpClient Client = new HttpClient();

    static string Setting(string name) => Environment.GetEnvironmentVariable(name) ?? "";

    static async Task<string[]> RingOut(string command, Dictionary<string, string> fields)
    {
        fields["cmd"] = command;
        var response = await Client.PostAsync(BaseUrl + "/ringout.asp", new FormUrlEncodedContent(fields));
                // Throws on a status other than 2xx, which loses the reason in the body.
        response.EnsureSuccessStatusCode();
        var answer = await response.Content.ReadAsStringAsync();
        if (!answer.StartsWith("OK ")) throw new Exception(command + " failed: " + answer);
        Console.WriteLine(command + ": " + answer);
        return answer.Split(' ');
    }

    static Dictionary<string, string> User() => new Dictionary<string, string>
    {
        ["Username"] = Setting("RC_USERNAME"), ["Ext"] = Setting("RC_EXT"), ["Password"] = Setting("RC_PASSWORD"),
    };

    static void Main() { Run().GetAwaiter().GetResult(); }

    static async Task Run()
    {
        await RingOut("list", User());

        var call = User();
        call["To"] = Setting("TO");
        call["From"] = Setting("FROM");
        call["Prompt"] = "1";
        var parts = await RingOut("call", call);
        // A signed 32-bit integer.
        int sessionId = int.Parse(parts[1]);

        await RingOut("status", new Dictionary<string, string> { ["SessionID"] = sessionId.ToString() });
        await RingOut("cancel", new Dictionary<string, string> { ["SessionID"] = sessionId.ToString() });

        var path = Setting("FAX_FILE");
        var form = new MultipartFormDataContent
        {
            { new StringContent(Setting("RC_USERNAME") + "*" + Setting("RC_EXT")), "username" },
            { new StringContent(Setting("RC_PASSWORD")), "password" },
            { new StringContent(Setting("TO") + "|Demo Recipient"), "recipient" },
            { new StringContent("None"), "coverpage" },
            { new ByteArrayContent(File.ReadAllBytes(path)), "attachment", Path.GetFileName(path) },
        };
        var response = await Client.PostAsync(BaseUrl + "/faxapi.asp", form);
        var answer = await response.Content.ReadAsStringAsync();
        if (int.Parse(answer) != 0) throw new Exception("fax failed: " + answer);
        Console.WriteLine("fax: " + answer);
    }
}
