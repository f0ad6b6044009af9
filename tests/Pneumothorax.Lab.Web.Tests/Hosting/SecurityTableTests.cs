using System.Reflection;
using System.Text.RegularExpressions;
using Pneumothorax.Lab.Web.Shared.Controls;

namespace Pneumothorax.Lab.Web.Tests.Hosting;

/// <summary>The handbook's table of promises names tests: they are there.</summary>
public sealed partial class SecurityTableTests
{
    [Fact]
    public void EveryTestThatTheTableNames_IsThere()
    {
        var content = typeof(Program).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "ContentDirectory").Value!;
        var named = Name().Matches(File.ReadAllText(Path.Combine(content, "handbook", "security.md"))).Select(match => (Class: match.Groups[1].Value, Method: match.Groups[2].Value)).Distinct().ToList();
        var tests = Directory.EnumerateFiles(Path.Combine(content, "..", "tests"), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)).Select(File.ReadAllText).ToList();

        Assert.True(named.Count > 30, "The table is not read any more.");
        Assert.All(named, test => Assert.True(tests.Any(text => text.Contains($"class {test.Class}", StringComparison.Ordinal) && text.Contains($" {test.Method}(", StringComparison.Ordinal)), $"There is no test {test.Class}.{test.Method}."));
    }

    [GeneratedRegex(@"`(\w+Tests)\.(\w+)`")]
    private static partial Regex Name();
}
