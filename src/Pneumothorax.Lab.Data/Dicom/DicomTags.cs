using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Pneumothorax.Lab.Data.Dicom;

/// <summary>What is read of a DICOM file's header: what a picture is, and what may be kept of its patient. Names, dates and institutions never leave the file.</summary>
public sealed partial record DicomTags
{
    private const int OldestAge = 120;

    /// <summary>In the order of <see cref="Asked"/>: an import holds the headers of thousands of files.</summary>
    private readonly string?[] _values;

    internal DicomTags(IReadOnlyDictionary<string, string> values) => _values = [.. Asked.Select(values.GetValueOrDefault)];

    /// <summary>"CR", "DX", "CT"; null where the file does not say.</summary>
    public string? Modality => Text("0008,0060");

    public string? BodyPart => Text("0018,0015");

    /// <summary>"PA", "AP", "LL"; null where the file does not say.</summary>
    public string? View => Text("0018,5101") is { Length: <= 8 } view ? view : null;

    /// <summary>"F", "M" or null.</summary>
    public string? Sex => Text("0010,0040") is "F" or "M" ? Text("0010,0040") : null;

    /// <summary>In whole years; null where the file does not say, or says more than 120.</summary>
    public int? Age => Text("0010,1010") is { } text && AgeText().Match(text) is { Success: true } match
        ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) switch
        {
            var number when match.Groups[2].Value is "M" => number / 12,
            var number when match.Groups[2].Value is "W" => number / 52,
            var number when match.Groups[2].Value is "D" => number / 365,
            <= OldestAge and var years => years,
            _ => null,
        }
        : null;

    /// <summary>The hospital's number of the patient: to tell patients apart, not to be kept.</summary>
    internal string? PatientId => Text("0010,0020");

    internal string? InstanceUid => Text("0008,0018");

    internal string? TransferSyntax => Text("0002,0010");

    internal string? Photometric => Text("0028,0004");

    internal int? Rows => Whole("0028,0010");

    internal int? Columns => Whole("0028,0011");

    internal int BitsStored => Whole("0028,0101") ?? Whole("0028,0100") ?? 8;

    internal int Frames => Whole("0028,0008") ?? 1;

    internal int BytesAPixel => ((Whole("0028,0100") ?? 8) + 7) / 8 * (Photometric is "RGB" ? 3 : 1);

    /// <summary>Whether the pixels lie in the file as they are.</summary>
    internal bool IsPlain => TransferSyntax is null or "1.2.840.10008.1.2" or "1.2.840.10008.1.2.1" or "1.2.840.10008.1.2.2";

    internal bool HasPixels => Rows > 0 && Columns > 0 && Photometric is not null;

    /// <summary>Whether the header gives a window of grey values that is worth seeing.</summary>
    internal bool HasWindow => Text("0028,1050") is not null && double.TryParse(Text("0028,1051")?.Split('\\')[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var width) && width >= 1;

    /// <summary>Tags that are asked for.</summary>
    internal static ImmutableArray<string> Asked { get; } =
    [
        "0002,0010", "0008,0018", "0008,0060", "0010,0020", "0010,0040", "0010,1010", "0018,0015", "0018,5101",
        "0028,0004", "0028,0008", "0028,0010", "0028,0011", "0028,0100", "0028,0101", "0028,1050", "0028,1051",
    ];

    private string? Text(string tag) => _values[Asked.IndexOf(tag)] is { Length: > 0 } text ? text : null;

    private int? Whole(string tag) => int.TryParse(Text(tag), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    [GeneratedRegex(@"^(\d{1,3})([YMWD]?)$")]
    private static partial Regex AgeText();
}
