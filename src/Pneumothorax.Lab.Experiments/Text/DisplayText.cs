using System.Globalization;

namespace Pneumothorax.Lab.Experiments.Text;

/// <summary>Spans of time, places in a queue and sizes, as the training pages say them.</summary>
public static class DisplayText
{
    /// <returns>Two units at most: "42 s", "1 min 10 s", "2 h 05 min", "3 days 4 h".</returns>
    public static string Exact(TimeSpan span)
    {
        var seconds = (long)Math.Max(0, Math.Round(span.TotalSeconds));
        return seconds switch
        {
            < 60 => $"{seconds} s",
            < 3600 => $"{seconds / 60} min {seconds % 60:00} s",
            < 86400 => $"{seconds / 3600} h {seconds / 60 % 60:00} min",
            _ => $"{Count(seconds / 86400, "day")} {seconds / 3600 % 24} h",
        };
    }

    /// <returns>One unit, rounded as a guess should be: "about 40 seconds", "about 4 minutes", "about 19 hours".</returns>
    public static string About(TimeSpan span) => span switch
    {
        { TotalSeconds: < 10 } => "a few seconds",
        _ => "about " + Rounded(span),
    };

    /// <returns>Time left, rounded so that it does not pretend to know better: "a moment", "70 s", "12 min", "3 h 20 min", "2 days 4 h".</returns>
    public static string Left(TimeSpan span) => Math.Max(0, span.TotalSeconds) switch
    {
        < 5 => "a moment",
        < 90 and var seconds => $"{Math.Max(10, Math.Round(seconds / 10) * 10):0} s",
        < 5400 and var seconds => $"{Math.Max(1, Math.Round(seconds / 60)):0} min",
        < 86400 and var seconds => Exact(TimeSpan.FromMinutes(Math.Round(seconds / 600) * 10)),
        var seconds => Exact(TimeSpan.FromHours(Math.Round(seconds / 3600))),
    };

    /// <returns>"3 to 6 minutes", in the unit of the longer end; "about 4 minutes" where both ends round to the same.</returns>
    public static string Between(TimeSpan least, TimeSpan most)
    {
        var (size, unit) = UnitOf(most);
        var (low, high) = (InUnits(least, size), InUnits(most, size));
        return low == high ? About(most) : low == 0 ? $"up to {Count(high, unit)}" : $"{Number(low)} to {Count(high, unit)}";
    }

    /// <returns>"1st", "2nd", "3rd", "11th", "21st".</returns>
    public static string Ordinal(int place) => (place % 100, place % 10) switch
    {
        (11 or 12 or 13, _) => $"{place}th",
        (_, 1) => $"{place}st",
        (_, 2) => $"{place}nd",
        (_, 3) => $"{place}rd",
        _ => $"{place}th",
    };

    /// <returns>"1 step", "850 steps", "1,000,000 steps".</returns>
    public static string Count(long number, string thing) => number == 1 ? $"1 {thing}" : $"{Number(number)} {thing}s";

    /// <returns>"30 minutes", "3 hours".</returns>
    public static string Minutes(int minutes) => minutes % 60 == 0 ? Count(minutes / 60, "hour") : Count(minutes, "minute");

    /// <returns>"1,200".</returns>
    public static string Number(long number) => number.ToString("#,##0", CultureInfo.InvariantCulture);

    /// <returns>A loss beyond the usual ones: "7.4", "3,315,305", "1.2e+11". Nobody reads, or hears, twelve digits.</returns>
    public static string Loss(double loss) => loss.ToString(loss < 1000 ? "0.0" : loss < 1e7 ? "#,##0" : "0.0e+0", CultureInfo.InvariantCulture);

    /// <returns>A figure of a run: "0.693", and a loss that ran away as <see cref="Loss"/>.</returns>
    public static string Figure(double value) => value >= 1000 ? Loss(value) : value.ToString("0.000", CultureInfo.InvariantCulture);

    /// <returns>"940 kB", "2.6 MB", "24 MB".</returns>
    public static string Bytes(long bytes) => bytes switch
    {
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(bytes / 1e3):0} kB"),
        < 10_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.0} GB"),
    };

    /// <returns>"Zero" to "Twelve" as a word at the start of a sentence, else digits.</returns>
    public static string Leading(int number) =>
        number is >= 0 and <= 12
            ? s_leading[number]
            : Number(number);

    /// <returns>"14:16" today, "yesterday, 14:16", "Monday, 14:16" within a week, else "3 May 2026, 14:16".</returns>
    /// <param name="now">Decides what is today; its offset is the one shown.</param>
    public static string When(DateTimeOffset time, DateTimeOffset now)
    {
        var local = time.ToOffset(now.Offset);
        var clock = local.ToString("HH:mm", CultureInfo.InvariantCulture);
        return (now.Date - local.Date).Days switch
        {
            0 => clock,
            1 => $"yesterday, {clock}",
            > 1 and < 7 => local.ToString("dddd, HH:mm", CultureInfo.InvariantCulture),
            _ => local.ToString("d MMM yyyy, HH:mm", CultureInfo.InvariantCulture),
        };
    }

    private static readonly string[] s_leading =
        ["Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve"];

    private static string Rounded(TimeSpan span)
    {
        var (size, unit) = UnitOf(span);
        return Count(InUnits(span, size), unit);
    }

    // The unit changes at 90 of the smaller one: "about 80 seconds", but "about 2 minutes".
    private static (TimeSpan Size, string Unit) UnitOf(TimeSpan span) => span switch
    {
        { TotalSeconds: < 90 } => (TimeSpan.FromSeconds(1), "second"),
        { TotalMinutes: < 90 } => (TimeSpan.FromMinutes(1), "minute"),
        { TotalHours: < 36 } => (TimeSpan.FromHours(1), "hour"),
        _ => (TimeSpan.FromDays(1), "day"),
    };

    private static long InUnits(TimeSpan span, TimeSpan size)
    {
        var units = span / size;
        return size == TimeSpan.FromSeconds(1) ? (long)Math.Round(units / 10) * 10 : (long)Math.Round(units, MidpointRounding.AwayFromZero);
    }
}
