using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pneumothorax.Lab.Web.Shared.Charts;

/// <summary>Everything a <see cref="Chart"/> draws, as plain data. Keep one and hand over a new one when something changed.</summary>
public sealed record ChartSpec
{
    /// <summary>Left above the figure, and in every export.</summary>
    public required string Title { get; init; }

    /// <summary>What the y axis counts, in a few words after the title: it is never written sideways.</summary>
    public string? Unit { get; init; }

    public ChartAxis X { get; init; } = new();
    public ChartAxis Y { get; init; } = new();
    public IReadOnlyList<ChartSeries> Series { get; init; } = [];

    /// <summary>Dotted lines to read the data against: guessing, "always clear", the current step.</summary>
    public IReadOnlyList<ChartReference> References { get; init; } = [];

    /// <summary>Single points in the accent colour: the best checkpoint, the operating point.</summary>
    public IReadOnlyList<ChartMark> Marks { get; init; } = [];

    /// <summary>A vertical line in the accent colour that the reader sets.</summary>
    public ChartThreshold? Threshold { get; init; }

    /// <summary>Lines of text at the lower right of the plot, such as "area 0.889"; colour roles as in <see cref="ChartSeries.Color"/>.</summary>
    public IReadOnlyList<ChartNote> Notes { get; init; } = [];

    /// <summary>Where every single point can be had as CSV, for a chart that draws fewer; null where the chart itself has them all.</summary>
    public string? CsvAddress { get; init; }

    /// <summary>A sentence for under the chart about what it does not draw; the page shows it, not the browser's part.</summary>
    [JsonIgnore]
    public string? Beyond { get; init; }

    /// <summary>Shown on the empty axes while no series has a point.</summary>
    public string? Empty { get; init; }

    /// <summary>Height of the plot in CSS pixels, head not counted.</summary>
    public int Height { get; init; } = 320;

    /// <summary>"x": one vertical line reads every series there. "point": the nearest point of any series (ROC).</summary>
    public string Hover { get; init; } = "x";
}

/// <param name="Title">Written right under the axis (x only), and before the value in the reading box: "step".</param>
/// <param name="Min">Lower end; taken from the data when null.</param>
/// <param name="Max">Upper end; taken from the data when null.</param>
/// <param name="Logarithmic">Values of 0 or less are left out.</param>
/// <param name="Decimals">Digits after the point in labels and readings.</param>
/// <param name="Ticks">Places of the labels; chosen by the chart when null.</param>
/// <param name="TickFormat">d3 format of the axis labels, such as ".2f" or ".0%".</param>
public sealed record ChartAxis(
    string? Title = null, double? Min = null, double? Max = null, bool Logarithmic = false, int Decimals = 3,
    IReadOnlyList<double>? Ticks = null, string? TickFormat = null);

/// <summary>A line, or bars.</summary>
/// <param name="Key">Tells series apart in <see cref="ChartDelta"/> and CSV: "train/loss".</param>
/// <param name="Name">Stands at the line's end with its last value.</param>
public sealed record ChartSeries(string Key, string Name)
{
    /// <summary>"1" to "5" (series colours), "ink", "accent", "has" (purple), "not" (grey).</summary>
    public string Color { get; init; } = "ink";

    [JsonConverter(typeof(GapConverter))]
    public IReadOnlyList<double> X { get; init; } = [];

    /// <summary>As long as <see cref="X"/>; NaN and infinity are gaps.</summary>
    [JsonConverter(typeof(GapConverter))]
    public IReadOnlyList<double> Y { get; init; } = [];

    /// <summary>Lower edge of the shaded band; null for none.</summary>
    [JsonConverter(typeof(GapConverter))]
    public IReadOnlyList<double>? Low { get; init; }

    /// <summary>Upper edge of the shaded band.</summary>
    [JsonConverter(typeof(GapConverter))]
    public IReadOnlyList<double>? High { get; init; }

    /// <summary>One more value a point, such as the threshold of each ROC point: read out, tabled and exported.</summary>
    [JsonConverter(typeof(GapConverter))]
    public IReadOnlyList<double>? Extra { get; init; }

    /// <summary>What <see cref="Extra"/> is.</summary>
    public string? ExtraName { get; init; }

    /// <summary>Digits of <see cref="Extra"/> after the point; 0 for counts.</summary>
    public int ExtraDecimals { get; init; } = 4;

    /// <summary>"solid", "dash" (training: 7-4) or "dot".</summary>
    public string Dash { get; init; } = "solid";

    public double Width { get; init; } = 2.25;
    public double Opacity { get; init; } = 1;

    /// <summary>Steps instead of slopes (ROC): horizontal first.</summary>
    public bool Stairs { get; init; }

    /// <summary>Columns instead of a line; negative values hang below the axis.</summary>
    public bool Bars { get; init; }

    /// <summary>Bars hang below the axis although their values are positive, and are read, tabled and exported so.</summary>
    public bool Down { get; init; }

    /// <summary>Bars paler, with a full-coloured outline.</summary>
    public bool Faded { get; init; }

    /// <summary>"circle", "square", "triangle-up", "diamond", "x", or null for none.</summary>
    public string? Marker { get; init; }

    /// <summary>At most so many markers along the line; all when 0.</summary>
    public int MarkerCount { get; init; }

    /// <summary>Writes name and last value at the line's end.</summary>
    public bool EndLabel { get; init; } = true;

    /// <summary>Whether the reading line, the table and the CSV name it; off for a faint raw line under its smoothed one.</summary>
    public bool Readable { get; init; } = true;
}

/// <summary>A dotted line. Null coordinates mean the edge of the plot: (null, 0.5, null, 0.5) runs from side to side.</summary>
public sealed record ChartReference(double? X1, double? Y1, double? X2, double? Y2, string? Text = null)
{
    public static ChartReference Horizontal(double y, string? text = null) => new(null, y, null, y, text);

    public static ChartReference Vertical(double x, string? text = null) => new(x, null, x, null, text);
}

/// <param name="Shape">"circle" or "diamond" (hollow).</param>
/// <param name="Guides">Draws lines from the point to both axes.</param>
public sealed record ChartMark(double X, double Y, string? Text = null, string Shape = "circle", bool Guides = false);

/// <param name="Left">What lies left of the line: "called clear".</param>
/// <param name="Right">What lies right of it: "called HAS".</param>
public sealed record ChartThreshold(double X, string? Left = null, string? Right = null, bool Draggable = true);

/// <param name="Color">As in <see cref="ChartSeries.Color"/>; "soft" for a quiet line.</param>
/// <param name="Top">At the upper right instead.</param>
public sealed record ChartNote(string Text, string Color = "ink", bool Top = false);

/// <summary>New points at the end of one series.</summary>
public sealed record ChartDelta(string Key)
{
    [JsonConverter(typeof(GapConverter))]
    public required IReadOnlyList<double> X { get; init; }

    [JsonConverter(typeof(GapConverter))]
    public required IReadOnlyList<double> Y { get; init; }

    [JsonConverter(typeof(GapConverter))]
    public IReadOnlyList<double>? Low { get; init; }

    [JsonConverter(typeof(GapConverter))]
    public IReadOnlyList<double>? High { get; init; }
}

/// <summary>A click on the plot, in data units.</summary>
/// <param name="Key">Series of the nearest point; null on an empty chart.</param>
/// <param name="Index">Its place in that series.</param>
public sealed record ChartClick(double X, double Y, string? Key, int? Index);

/// <summary>The part of the x axis that is in sight, in data units.</summary>
public sealed record ChartRange(double From, double To);

/// <summary>JSON has no NaN: what is not finite travels as null, and the line has a gap there.</summary>
internal sealed class GapConverter : JsonConverter<IReadOnlyList<double>>
{
    public override IReadOnlyList<double> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        [.. (JsonSerializer.Deserialize<double?[]>(ref reader, options) ?? []).Select(value => value ?? double.NaN)];

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<double> value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var number in value)
        {
            if (double.IsFinite(number)) writer.WriteNumberValue(number);
            else writer.WriteNullValue();
        }
        writer.WriteEndArray();
    }
}
