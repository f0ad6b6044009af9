using System.Text.RegularExpressions;
using FsCheck.Xunit;
using Pneumothorax.Lab.Evaluation.OperatingPoints;

namespace Pneumothorax.Lab.Evaluation.Tests.OperatingPoints;

public sealed partial class DotGridTests
{
    private static readonly DotGrid s_grid = new(Rows: 20, Pitch: 10);

    [Fact]
    public void Path_OverColumnsEnds_CoversThoseCells() =>
        // Cells 18 to 61: the end of one column, two whole ones, the beginning of the next.
        Assert.Equal(Enumerable.Range(18, 44), Cells(s_grid.Path(18, 44)));

    [Property]
    public void Path_OfAnyRun_CoversExactlyItsCells(byte start, byte count) =>
        Assert.Equal(Enumerable.Range(start, count), Cells(s_grid.Path(start, count)).Order());

    private static IEnumerable<int> Cells(string path) =>
        from rectangle in Rectangle().Matches(path)
        let numbers = rectangle.Groups.Values.Skip(1).Select(part => int.Parse(part.Value) / 10).ToArray()
        from x in Enumerable.Range(numbers[0], numbers[2])
        from y in Enumerable.Range(numbers[1], numbers[3])
        select x * 20 + y;

    [GeneratedRegex(@"M(\d+) (\d+)h(\d+)v(\d+)h-\d+z")]
    private static partial Regex Rectangle();
}
