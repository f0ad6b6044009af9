using System.Globalization;

namespace Pneumothorax.Lab.Datasets.Viewing;

/// <summary>What is known of one image, as rows of words.</summary>
public static class ImageFacts
{
    // Keys that have a row of their own below, or a place elsewhere on the page.
    private static readonly string[] s_told =
        [AttributeNames.View, AttributeNames.Sex, AttributeNames.Age, AttributeNames.Patient, AttributeNames.Source, AttributeNames.Licence, AttributeNames.Drain, AttributeNames.Size, AttributeNames.Side, AttributeNames.Note];

    /// <param name="beforeGuess">Only what says nothing about the label, whatever else a data set may tell: who it is, how the picture was taken, what it is used for.</param>
    public static IReadOnlyList<(string Label, string Value)> Of(IReadOnlyDictionary<string, string> attributes, bool heldOut, bool beforeGuess = false)
    {
        if (beforeGuess) attributes = attributes.Where(fact => fact.Key is AttributeNames.View or AttributeNames.Sex or AttributeNames.Age).ToDictionary();
        List<(string, string)> rows = [];
        if (attributes.GetValueOrDefault(AttributeNames.View) is { Length: > 0 } view) rows.Add(("View", ViewWords(view)));
        if (Person(attributes) is { Length: > 0 } person) rows.Add(("Patient", person));
        if (attributes.GetValueOrDefault(AttributeNames.Drain) is { Length: > 0 } drain) rows.Add(("Chest drain", drain));
        if (attributes.GetValueOrDefault(AttributeNames.Size) is { Length: > 0 } size)
        {
            rows.Add(("Pneumothorax", attributes.GetValueOrDefault(AttributeNames.Side) is { Length: > 0 } side ? $"{size}, {side} side" : size));
        }
        foreach (var (key, value) in attributes)
        {
            if (value.Length > 0 && !s_told.Contains(key)) rows.Add((char.ToUpperInvariant(key[0]) + key[1..].Replace('_', ' '), value));
        }
        if (attributes.GetValueOrDefault(AttributeNames.Note) is { Length: > 0 } note) rows.Add(("Note", note));
        if (heldOut) rows.Add(("Used for", "validation, never for training"));
        return rows;
    }

    private static string ViewWords(string view) => view.ToUpperInvariant() switch
    {
        "PA" => "PA, from behind",
        "AP" => "AP, from the front",
        _ => view,
    };

    private static string Person(IReadOnlyDictionary<string, string> attributes)
    {
        var age = attributes.GetValueOrDefault(AttributeNames.Age);
        var young = int.TryParse(age, NumberStyles.None, CultureInfo.InvariantCulture, out var years) && years < 18;
        var sex = (attributes.GetValueOrDefault(AttributeNames.Sex)?.ToUpperInvariant(), young) switch
        {
            ("M" or "MALE", false) => "man",
            ("M" or "MALE", true) => "boy",
            ("F" or "FEMALE", false) => "woman",
            ("F" or "FEMALE", true) => "girl",
            _ => null,
        };
        return string.Join(", ", new[] { sex, age, attributes.GetValueOrDefault(AttributeNames.Patient) }.Where(word => !string.IsNullOrEmpty(word)));
    }
}
