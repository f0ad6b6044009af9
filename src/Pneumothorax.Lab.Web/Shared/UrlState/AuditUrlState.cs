using System.Globalization;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Web.Shared.UrlState;

/// <summary>What of the audit trail an address asks for. Words that mean nothing are left out.</summary>
internal static class AuditUrlState
{
    public const string Page = "/audit";
    public const string Csv = "/audit/audit.csv";

    /// <param name="zone">Whose days the dates are.</param>
    public static AuditFilter Filter(int? by, int? about, string? kind, string? from, string? to, TimeZoneInfo zone) => new(
        by, about, Kind(kind), Start(Day(from), zone), Start(Day(to)?.AddDays(1), zone));

    public static AuditKind? Kind(string? word) =>
        Enum.TryParse<AuditKind>(word, ignoreCase: true, out var kind) && Enum.IsDefined(kind) && !int.TryParse(word, CultureInfo.InvariantCulture, out _) ? kind : null;

    public static DateOnly? Day(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 1 and < 9999 ? day : null;

    private static DateTimeOffset? Start(DateOnly? day, TimeZoneInfo zone)
    {
        if (day is not { } set) return null;
        var midnight = set.ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(midnight, zone.GetUtcOffset(midnight));
    }
}
