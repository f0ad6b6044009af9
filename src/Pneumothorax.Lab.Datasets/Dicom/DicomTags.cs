using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Pneumothorax.Lab.Datasets.Dicom;

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

    internal int BitsStored => Whole("0028,0101") ?? BitsAllocated;

    internal int BitsAllocated => Whole("0028,0100") ?? 8;

    internal int HighBit => Whole("0028,0102") ?? BitsStored - 1;

    internal bool IsSigned => Whole("0028,0103") == 1;

    internal int Frames => Whole("0028,0008") ?? 1;

    internal bool IsGrey => Photometric?.StartsWith("MONOCHROME", StringComparison.Ordinal) == true;

    /// <summary>Of the pixels of one frame that lie in the file as they are, in bytes; the least that it can be for other colours than red, green and blue.</summary>
    internal long FrameBytes => (((long)Rows!.Value * Columns!.Value * BitsAllocated * (Photometric is "RGB" ? 3 : 1)) + 7) / 8;

    internal bool IsBigEndian => TransferSyntax is "1.2.840.10008.1.2.2";

    /// <summary>Whether the least value is white.</summary>
    internal bool IsInverted => (Photometric is "MONOCHROME1") ^ (Real("0028,1053") < 0);

    /// <summary>"IDENTITY" or "INVERSE": the least value is black, or white; null where the file does not say.</summary>
    internal string? Shape => Text("2050,0020");

    /// <summary>The values that stand for pixels where nothing was measured, as the file stores them; null where it names none.</summary>
    internal (int From, int To)? Padding => Signed("0028,0120") is not { } one ? null : Signed("0028,0121") is { } other ? (Math.Min(one, other), Math.Max(one, other)) : (one, one);

    internal bool IsPadding(int stored) => Padding is var (from, to) && stored >= from && stored <= to;

    /// <summary>Whether a table turns stored values into physical ones: they are in no order that could be known without it.</summary>
    internal bool HasModalityTable => Text("0028,3000") is not null;

    /// <summary>Whether the header gives a table of grey values that are worth seeing.</summary>
    internal bool HasVoiTable => Text("0028,3010") is not null;

    /// <summary>Whether the pixels lie in the file as they are.</summary>
    internal bool IsPlain => TransferSyntax is null or "1.2.840.10008.1.2" or "1.2.840.10008.1.2.1" or "1.2.840.10008.1.2.2";

    internal bool HasPixels => Rows > 0 && Columns > 0 && Photometric is not null;

    /// <summary>Whether the header gives a window of grey values that is worth seeing.</summary>
    internal bool HasWindow => Text("0028,1050") is not null && double.TryParse(Text("0028,1051")?.Split('\\')[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var width) && width >= 1;

    /// <summary>Tags that are asked for.</summary>
    internal static ImmutableArray<string> Asked { get; } =
    [
        "0002,0010", "0008,0018", "0008,0060", "0010,0020", "0010,0040", "0010,1010", "0018,0015", "0018,5101",
        "0028,0004", "0028,0008", "0028,0010", "0028,0011", "0028,0100", "0028,0101", "0028,0102", "0028,0103", "0028,0120", "0028,0121", "0028,1050", "0028,1051",
        "0028,1053", "0028,3000", "0028,3010", "2050,0020",
    ];

    private string? Text(string tag) => _values[Asked.IndexOf(tag)] is { Length: > 0 } text ? text : null;

    private int? Whole(string tag) => int.TryParse(Text(tag), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Signed or not as the pixels are, whatever kind of number the header gives.</summary>
    private int? Signed(string tag) => !int.TryParse(Text(tag), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? null : IsSigned ? (short)number : (ushort)number;

    private double? Real(string tag) => double.TryParse(Text(tag)?.Split('\\')[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    [GeneratedRegex(@"^(\d{1,3})([YMWD]?)$")]
    private static partial Regex AgeText();
}
