using Pneumothorax.Lab.Evaluation;
using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Classroom.Tasks;

/// <summary>Feature maps and weights of one image as a student gets them, and the check of their sum against the stored maps.</summary>
public sealed class CamArrays
{
    private readonly EvaluationFile _file;
    private readonly int _image;
    private readonly Tensor _maps;
    private readonly Tensor _weights;
    private readonly bool _channelsLast;
    private readonly bool _classesLast;
    private readonly bool _weightsFirst;

    private CamArrays(EvaluationFile file, int image, Tensor maps, Tensor weights, bool channelsLast, bool classesLast, bool weightsFirst) =>
        (_file, _image, _maps, _weights, _channelsLast, _classesLast, _weightsFirst) = (file, image, maps, weights, channelsLast, classesLast, weightsFirst);

    /// <param name="channelsLast">Maps as rows × columns × channels, as in TensorFlow; else channels first, as in PyTorch.</param>
    /// <param name="classesLast">Weights as channels × classes; else classes first.</param>
    public static CamArrays Of(EvaluationFile file, int image, bool channelsLast, bool classesLast, bool weightsFirst)
    {
        var maps = new Tensor("maps", [file.MapChannels, file.MapSize, file.MapSize], file.FeaturesOf(image).ToArray());
        var weights = new Tensor("weights", [EvaluationFile.Classes, file.MapChannels], file.ClassifierWeight);
        return new(file, image, channelsLast ? maps.Transpose(1, 2, 0) : maps, classesLast ? weights.Transpose(1, 0) : weights, channelsLast, classesLast, weightsFirst);
    }

    public IReadOnlyList<Tensor> Operands => _weightsFirst ? [_weights, _maps] : [_maps, _weights];

    public string Solution
    {
        get
        {
            var (maps, weights) = (_channelsLast ? "yxk" : "kyx", _classesLast ? "kc" : "ck");
            return $"{(_weightsFirst ? $"{weights},{maps}" : $"{maps},{weights}")}->cyx";
        }
    }

    /// <returns>The map that the run stored, row by row.</returns>
    public ReadOnlySpan<float> Stored(int cls) => _file.CamOf(_image, cls);

    /// <param name="draw">Draws the values of class 1 minus those of class 0.</param>
    public Verdict Check(string expression, Func<float[], TaskPicture> draw)
    {
        Tensor result;
        Einsum einsum;
        try
        {
            einsum = Einsum.Parse(expression);
            result = einsum.Evaluate(Operands);
        }
        catch (EinsumException problem)
        {
            return Verdict.Miss(problem.Message);
        }

        var (maps, weights) = _weightsFirst ? (einsum.Inputs[1], einsum.Inputs[0]) : (einsum.Inputs[0], einsum.Inputs[1]);
        var (channel, row, column) = _channelsLast ? (maps[2], maps[0], maps[1]) : (maps[0], maps[1], maps[2]);
        var (cls, channelOfWeights) = _classesLast ? (weights[1], weights[0]) : (weights[0], weights[1]);
        var shape = result.ShapeText;
        if (einsum.Output.Contains(channel)) return Verdict.Miss($"The result is {shape}: the channels, {channel}, are still there. Axes that are not named after the arrow are summed.");
        if (row == column) return Verdict.Miss($"Rows and columns share the letter {row}, so only the diagonal of each map is read.");
        if (channel != channelOfWeights) return Verdict.Miss($"The result is {shape}, but the channels are {channel} in the maps and {channelOfWeights} in the weights: they are not matched, so every map is multiplied by every weight.");
        if (!einsum.Output.Contains(cls)) return Verdict.Miss($"The result is {shape}: the classes, {cls}, were added together. Keep the two maps separate.");
        if (!einsum.Output.Contains(row) || !einsum.Output.Contains(column)) return Verdict.Miss($"The result is {shape}: summed over rows or columns, it no longer shows the place.");

        // Any order of the axes is a right answer; to compare and to draw, the usual one.
        var usual = result.Transpose(einsum.Output.IndexOf(cls), einsum.Output.IndexOf(row), einsum.Output.IndexOf(column));
        var area = _file.MapSize * _file.MapSize;
        var pictures = new[] { draw(MapTarget.Difference.MapOf(usual.Values.AsSpan(0, area), usual.Values.AsSpan(area, area))) };
        double largest = 1, furthest = 0;
        for (var c = 0; c < EvaluationFile.Classes; c++)
        {
            var stored = Stored(c);
            for (var i = 0; i < area; i++)
            {
                largest = Math.Max(largest, Math.Abs(stored[i]));
                furthest = Math.Max(furthest, Math.Abs(stored[i] - usual.Values[c * area + i]));
            }
        }
        return furthest <= 1e-3 * largest
            ? new(true, FormattableString.Invariant($"The result is {shape}, and equals the stored maps to {furthest:0.0e0}.")) { Pictures = pictures }
            : new(false, FormattableString.Invariant($"The result is {shape}, but differs from the stored maps by up to {furthest:0.00}.")) { Pictures = pictures };
    }
}
