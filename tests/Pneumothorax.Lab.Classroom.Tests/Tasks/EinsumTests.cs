using FsCheck.Xunit;
using Pneumothorax.Lab.Classroom.Tasks;

namespace Pneumothorax.Lab.Classroom.Tests.Tasks;

public sealed class EinsumTests
{
    private static readonly Tensor s_maps = Numbers("maps", 3, 2, 4);
    private static readonly Tensor s_weights = Numbers("weights", 2, 3);

    /// <summary>Equals a loop over all letters, for random sizes, orders of axes and results.</summary>
    [Property(MaxTest = 300)]
    public void Evaluate_AnyExpression_EqualsTheNaiveLoop(int seed)
    {
        var random = new Random(seed);
        var sizes = "abcd".ToDictionary(letter => letter, _ => random.Next(1, 5));
        string[] inputs = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Letters(random, 4))];
        var output = new string([.. string.Concat(inputs).Distinct().Where(_ => random.Next(2) == 0)]);
        Tensor[] operands = [.. inputs.Select(input => Numbers("array", [.. input.Select(letter => sizes[letter])]))];

        var result = Einsum.Parse($"{string.Join(',', inputs)}->{output}").Evaluate(operands);

        Assert.Equal(output.Select(letter => sizes[letter]), result.Shape);
        var expected = Naive(inputs, output, sizes, operands);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], result.Values[i], 1e-3 * Math.Max(1, Math.Abs(expected[i])));
    }

    [Fact]
    public void Evaluate_LetterTwiceInOneArray_RunsAlongTheDiagonal() =>
        Assert.Equal(0 + 4 + 8, Einsum.Parse("ii->").Evaluate(new Tensor("square", [3, 3], [.. Enumerable.Range(0, 9).Select(i => (float)i)])).Values[0]);

    [Theory]
    [InlineData("", "Write one group of letters for each array, an arrow, and the letters of the result.")]
    [InlineData("kyx,ck", "Write an arrow -> and, after it, the axes that remain. Axes that are not named there are summed.")]
    [InlineData("kyx,ck->c->y", "There is more than one arrow.")]
    [InlineData("kyx;ck->cyx", "“;” has no meaning here: axes are letters, and arrays are separated by a comma.")]
    [InlineData("kyx,ck->ccyx", "c appears twice after the arrow; each axis of the result needs its own letter.")]
    [InlineData("kyx,ck->qyx", "q appears after the arrow, but in none of the arrays.")]
    [InlineData("kyx->yx", "There are 2 arrays, maps and weights, and 1 group of letters before the arrow.")]
    [InlineData("ky,ck->cy", "The maps have 3 axes (3 × 2 × 4), but “ky” names 2.")]
    [InlineData("kyx,kc->cyx", "k is 3 in the maps but 2 in the weights.")]
    [InlineData("kkx,ck->cx", "k is 3 and 2 in the maps: one letter cannot have two lengths.")]
    public void Evaluate_WrongExpression_SaysWhatIsWrong(string expression, string message) =>
        Assert.Equal(message, Assert.Throws<EinsumException>(() => Einsum.Parse(expression).Evaluate(s_maps, s_weights)).Message);

    [Fact]
    public void Evaluate_AxesThatRunApart_IsRefusedBeforeItIsComputed()
    {
        var large = new Tensor("maps", [300, 300], new float[90_000]);

        var refused = Assert.Throws<EinsumException>(() => Einsum.Parse("ab,cd->abcd").Evaluate(large, large));

        Assert.Contains("No letter occurs in both arrays", refused.Message, StringComparison.Ordinal);
    }

    private static string Letters(Random random, int most) => new([.. Enumerable.Range(0, random.Next(1, most)).Select(_ => "abcd"[random.Next(4)])]);

    private static Tensor Numbers(string name, params int[] shape) =>
        new(name, shape, [.. Enumerable.Range(0, shape.Aggregate(1, (product, size) => product * size)).Select(i => MathF.Sin(3 * i + 1))]);

    private static double[] Naive(string[] inputs, string output, Dictionary<char, int> sizes, Tensor[] operands)
    {
        var letters = string.Concat(inputs).Distinct().ToList();
        var result = new double[output.Aggregate(1, (product, letter) => product * sizes[letter])];
        for (var combination = 0; combination < letters.Aggregate(1, (product, letter) => product * sizes[letter]); combination++)
        {
            var rest = combination;
            var at = letters.ToDictionary(letter => letter, letter => { var value = rest % sizes[letter]; rest /= sizes[letter]; return value; });
            int Place(string own) => own.Aggregate(0, (place, letter) => place * sizes[letter] + at[letter]);
            result[Place(output)] += inputs.Zip(operands).Aggregate(1.0, (product, pair) => product * pair.Second.Values[Place(pair.First)]);
        }
        return result;
    }
}
