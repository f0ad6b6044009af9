using Pneumothorax.Lab.Classroom.Tasks;
using Pneumothorax.Lab.Evaluation;

namespace Pneumothorax.Lab.Classroom.Tests.Tasks;

/// <summary>The map as a sum, on arrays whose stored maps are the true ones.</summary>
public sealed class CamArraysTests
{
    private const int Channels = 3, Side = 2, Area = Side * Side;

    [Theory]
    [InlineData(false, false, false)]
    [InlineData(true, false, false)]
    [InlineData(false, true, true)]
    [InlineData(true, true, true)]
    public void Check_OwnSolution_IsRightWhateverTheLayout(bool channelsLast, bool classesLast, bool weightsFirst)
    {
        var arrays = CamArrays.Of(Sample(), 0, channelsLast, classesLast, weightsFirst);

        Assert.True(Check(arrays, arrays.Solution).IsCorrect);
        Assert.True(Check(arrays, arrays.Solution.Replace("cyx", "yxc", StringComparison.Ordinal)).IsCorrect);
    }

    [Fact]
    public void Check_SolutionOfAnotherLayout_IsAMiss()
    {
        var mine = CamArrays.Of(Sample(), 0, channelsLast: false, classesLast: false, weightsFirst: false);
        var neighbours = CamArrays.Of(Sample(), 0, channelsLast: true, classesLast: true, weightsFirst: true);

        Assert.False(Check(mine, neighbours.Solution).IsCorrect);
    }

    [Theory]
    [InlineData("kyx,kc->cyx", "k is 3 in the maps but 2 in the weights.")]
    [InlineData("kyx,ck->kyx", "The result is 3 × 2 × 2: the channels, k, are still there.")]
    [InlineData("kyx,ck->yx", "The result is 2 × 2: the classes, c, were added together.")]
    [InlineData("kyx,ck->c", "The result is 2: summed over rows or columns, it no longer shows the place.")]
    [InlineData("kyx,cj->cyx", "the channels are k in the maps and j in the weights")]
    [InlineData("kxx,ck->cx", "only the diagonal of each map is read")]
    public void Check_WrongSum_SaysWhatBecameOfTheShape(string expression, string message)
    {
        var verdict = Check(CamArrays.Of(Sample(), 0, channelsLast: false, classesLast: false, weightsFirst: false), expression);

        Assert.False(verdict.IsCorrect);
        Assert.Contains(message, verdict.Says, StringComparison.Ordinal);
    }

    private static Verdict Check(CamArrays arrays, string expression) => arrays.Check(expression, _ => new("Your map", "", "", ""));

    private static EvaluationFile Sample()
    {
        float[] features = [.. Enumerable.Range(0, Channels * Area).Select(i => MathF.Cos(i))], weights = [1, -2, 3, 0.5f, 4, -1];
        var cam = new float[2 * Area];
        for (var cls = 0; cls < 2; cls++)
        {
            for (var place = 0; place < Area; place++)
            {
                for (var k = 0; k < Channels; k++) cam[cls * Area + place] += weights[cls * Channels + k] * features[k * Area + place];
            }
        }
        return new()
        {
            Info = new("Run 1", 1, "sample", "hash", "lite", "test", "test"),
            Labels = [1],
            Logits = [0, 1],
            Probabilities = [0.27, 0.73],
            MapSize = Side,
            Cam = cam,
            ClassifierWeight = weights,
            ClassifierBias = [0, 0],
            FeatureIndex = [0],
            Features = features,
        };
    }
}
