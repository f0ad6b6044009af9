using Pneumothorax.Lab.Evaluation;
using Pneumothorax.Lab.Evaluation.Slices;
using Pneumothorax.Lab.Experiments.Text;

namespace Pneumothorax.Lab.Web.Shared.UrlState;

/// <summary>What the failure explorer shows, as its address says it. What is not in the address has its default.</summary>
public sealed record FailuresUrlState
{
    public FailureSort Sort { get; init; }

    public FailureFilter Show { get; init; }

    /// <summary><see cref="Slice.Word"/>; null for all images.</summary>
    public string? Slice { get; init; }

    /// <summary>Counted from 1.</summary>
    public int Page { get; init; } = 1;

    /// <summary>The run to disagree with; null for none.</summary>
    public int? Other { get; init; }

    /// <summary>Null for the balanced one.</summary>
    public double? Threshold { get; init; }

    /// <summary>Whether the maps lie over the X-rays.</summary>
    public bool Maps { get; init; } = true;

    /// <summary>What means nothing counts as not given, and numbers outside their range are brought to its end.</summary>
    public static FailuresUrlState Parse(string? sort, string? show, string? slice, string? page, string? other, string? threshold, string? maps) => new()
    {
        Sort = FailureText.ParseSort(sort),
        Show = FailureText.ParseFilter(show),
        Slice = string.IsNullOrEmpty(slice) ? null : slice,
        Page = NumberText.Whole(page) is { } number ? Math.Max(1, number) : 1,
        Other = NumberText.Whole(other) is > 0 and var run ? run : null,
        Threshold = UrlQuery.Share(threshold),
        Maps = maps != "off",
    };

    public string Of(int runId)
    {
        List<string> query = [];
        if (Sort != FailureSort.Loss) query.Add($"sort={Sort.Word()}");
        if (Show != FailureFilter.Wrong) query.Add($"show={Show.Word()}");
        if (Slice is not null) query.Add($"slice={Uri.EscapeDataString(Slice)}");
        if (Page != 1) query.Add(FormattableString.Invariant($"page={Page}"));
        if (Other is { } other) query.Add(FormattableString.Invariant($"other={other}"));
        if (Threshold is { } threshold) query.Add($"threshold={NumberText.RoundTrip(threshold)}");
        if (!Maps) query.Add("maps=off");
        return $"/runs/{runId}/failures{UrlQuery.Of(query)}";
    }
}
