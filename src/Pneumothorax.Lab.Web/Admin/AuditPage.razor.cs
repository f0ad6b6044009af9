using Microsoft.AspNetCore.Components;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Web.Shared.UrlState;

namespace Pneumothorax.Lab.Web.Admin;

/// <summary>The audit trail, for the instructor. The address says what of it is shown.</summary>
public sealed partial class AuditPage(Audit audit, NavigationManager navigation, TimeProvider clock)
{
    private const int PageSize = 100;

    private IReadOnlyList<AuditRow>? _rows;
    private IReadOnlyList<(int Id, string? Name)> _actors = [];
    private DateTimeOffset _now;

    [SupplyParameterFromQuery(Name = "by")]
    public int? By { get; set; }

    [SupplyParameterFromQuery(Name = "about")]
    public int? About { get; set; }

    [SupplyParameterFromQuery(Name = "kind")]
    public string? Kind { get; set; }

    [SupplyParameterFromQuery(Name = "from")]
    public string? From { get; set; }

    [SupplyParameterFromQuery(Name = "to")]
    public string? To { get; set; }

    /// <summary>Only entries older than this one.</summary>
    [SupplyParameterFromQuery(Name = "before")]
    public int? Before { get; set; }

    private NavigationManager Navigation => navigation;

    private bool IsFiltered => (By, About, AuditUrlState.Kind(Kind), AuditUrlState.Day(From), AuditUrlState.Day(To)) != (null, null, null, null, null);

    private string CsvAddress => navigation.GetUriWithQueryParameters(
        navigation.ToAbsoluteUri(AuditUrlState.Csv).ToString(),
        new Dictionary<string, object?> { ["by"] = By, ["about"] = About, ["kind"] = Kind, ["from"] = From, ["to"] = To });

    protected override async Task OnParametersSetAsync()
    {
        var filter = AuditUrlState.Filter(By, About, Kind, From, To, clock.LocalTimeZone);
        _actors = await audit.ActorsAsync();
        _rows = await audit.ListAsync(filter, Before, PageSize + 1);
        _now = clock.GetLocalNow();
    }

    private void Keep(string name, string? value) => navigation.NavigateTo(navigation.GetUriWithQueryParameters(
        new Dictionary<string, object?> { [name] = string.IsNullOrEmpty(value) ? null : value, ["before"] = null }), replace: true);
}
