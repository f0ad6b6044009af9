using System.Runtime.CompilerServices;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Evaluation.Metrics;

namespace Pneumothorax.Lab.Evaluation.Slices;

/// <summary>Every slice of a test set with what one run makes of it. Computed once for an evaluation, whatever the threshold.</summary>
public sealed class SliceTable
{
    private static readonly ConditionalWeakTable<RunEvaluation, SliceTable> s_known = [];

    /// <param name="columns">What is known of the test images.</param>
    public SliceTable(RunEvaluation evaluation, IReadOnlyList<ImageColumn> columns)
    {
        var labels = evaluation.File.Labels;
        var sliced = new SlicedScores(labels, evaluation.Scores);
        var negatives = labels.Length - evaluation.Positives;
        (Slices, LeftOut) = SliceColumns.Of(columns, labels);
        Rows = [.. Slices.Select(Row).OrderBy(row => row.Area.Difference.Difference is null).ThenBy(row => row.Area.Difference.Difference).ThenByDescending(row => row.Images)];
        Drains = columns.FirstOrDefault(column => column.Key == AttributeNames.Drain) is { } drains ? DrainContrast.Of(evaluation, drains.Values) : null;
        Whole = evaluation.Auroc;

        SliceRow Row(Slice slice)
        {
            int images = 0, positives = 0;
            for (var i = 0; i < labels.Length; i++)
            {
                if (!slice.Inside[i]) continue;
                images++;
                positives += labels[i];
            }
            return new(slice, images, positives, slice.Negatives == SliceNegatives.All ? negatives : images - positives, sliced.Of(slice.Inside, slice.Negatives));
        }
    }

    /// <summary>Column by column.</summary>
    public IReadOnlyList<Slice> Slices { get; }

    /// <summary>The worst first: those furthest below the rest; last those that cannot be compared.</summary>
    public IReadOnlyList<SliceRow> Rows { get; }

    /// <summary>Columns of which no slices could be made, in words.</summary>
    public IReadOnlyList<string> LeftOut { get; }

    /// <summary>Null where the data set knows no drains.</summary>
    public DrainContrast? Drains { get; }

    /// <summary>Area over all test images.</summary>
    public AurocResult Whole { get; }

    /// <summary>How many slices are held against the rest: chance gets as many tries.</summary>
    public int Looks => Rows.Count(row => row.Area.Difference.P is not null);

    /// <param name="test">The images that were evaluated.</param>
    public static SliceTable Of(RunEvaluation evaluation, ImageSplit test) => s_known.GetValue(evaluation, _ => new(evaluation, ImageColumn.Of(test)));

    /// <returns>The slice of this word in addresses, or null.</returns>
    public Slice? Find(string? word) => word is null ? null : Slices.FirstOrDefault(slice => slice.Word == word);
}
