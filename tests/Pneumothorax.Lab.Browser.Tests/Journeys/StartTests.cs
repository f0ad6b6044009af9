using System.Text.RegularExpressions;

namespace Pneumothorax.Lab.Browser.Tests.Journeys;

/// <summary>What an instructor sees at the first start.</summary>
public sealed partial class StartTests(LabBrowser lab) : Journey(lab)
{
    [Fact]
    public void FirstStart_PrintsInstructorLinkAndClassCode()
    {
        Assert.Contains($"/instructor?token={Portal.InstructorToken}", Lab.Portal.Output);
        Assert.Contains(Portal.ClassCode, Lab.Portal.Output);
    }

    [Fact]
    public async Task FirstVisit_GetsScriptsAndStylesCompressed_AndKeepsThem()
    {
        using var http = new HttpClient { BaseAddress = Lab.Portal.Address, DefaultRequestHeaders = { { "Accept-Encoding", "gzip, br" } } };
        using var plain = new HttpClient { BaseAddress = Lab.Portal.Address };
        var page = await plain.GetStringAsync("/join", Token);
        var files = ScriptsAndStyles().Matches(page).Select(match => match.Value).ToList();

        Assert.Contains(files, file => file.Contains("MudBlazor", StringComparison.Ordinal));
        foreach (var file in files)
        {
            using var response = await http.GetAsync(file, Token);
            var bytes = (await response.Content.ReadAsByteArrayAsync(Token)).Length;
            using var whole = await plain.GetAsync(file, Token);
            Assert.True(bytes < 0.6 * (await whole.Content.ReadAsByteArrayAsync(Token)).Length, $"{file} comes as {bytes} bytes.");
            Assert.Contains("immutable", response.Headers.CacheControl?.ToString() ?? "", StringComparison.Ordinal);
        }
    }

    [GeneratedRegex("(?<=(href|src)=\")[^\"]+[.](css|js)(?=\")")]
    private static partial Regex ScriptsAndStyles();
}
