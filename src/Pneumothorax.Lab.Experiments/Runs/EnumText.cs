using System.Reflection;
using System.Text.Json.Serialization;

namespace Pneumothorax.Lab.Experiments.Runs;

/// <summary>The words of an enumeration as <c>run.json</c>, API and command line write them.</summary>
public static class EnumText
{
    /// <summary>In the order of their definition.</summary>
    public static IReadOnlyList<string> All<T>() where T : struct, Enum => [.. Enum.GetValues<T>().Select(Of)];

    public static string Of<T>(T value) where T : struct, Enum => Known<T>.Words.GetValueOrDefault(value, value.ToString());

    /// <returns>Null where there is no such word; case does not matter.</returns>
    public static T? Find<T>(string word) where T : struct, Enum
    {
        foreach (var (value, known) in Known<T>.Words)
        {
            if (string.Equals(known, word, StringComparison.OrdinalIgnoreCase)) return value;
        }
        return null;
    }

    private static class Known<T> where T : struct, Enum
    {
        public static readonly Dictionary<T, string> Words = Enum.GetValues<T>().ToDictionary(
            value => value,
            value => typeof(T).GetField(value.ToString())?.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name ?? value.ToString());
    }
}
