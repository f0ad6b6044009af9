using System.Text;

namespace Pneumothorax.Lab.Evaluation.OperatingPoints;

/// <summary>A grid of equal cells that is filled column by column. A run of cells is one SVG path, so that redrawing costs a few characters.</summary>
/// <param name="Rows">Cells in a column.</param>
/// <param name="Pitch">Side of a cell in SVG units.</param>
public sealed record DotGrid(int Rows, int Pitch)
{
    /// <returns>The outline of a run of cells; empty when there are none.</returns>
    public string Path(int start, int count)
    {
        var path = new StringBuilder();
        for (var left = count; left > 0;)
        {
            int column = start / Rows, row = start % Rows;
            // Whole columns at once; otherwise what is left of this one.
            var columns = row == 0 && left >= Rows ? left / Rows : 1;
            var height = columns > 1 ? Rows : Math.Min(left, Rows - row);
            path.Append(FormattableString.Invariant($"M{column * Pitch} {row * Pitch}h{columns * Pitch}v{height * Pitch}h{-columns * Pitch}z"));
            (start, left) = (start + columns * height, left - columns * height);
        }
        return path.ToString();
    }

    public int Width(int cells) => (cells + Rows - 1) / Rows * Pitch;

    public int Height => Rows * Pitch;
}
