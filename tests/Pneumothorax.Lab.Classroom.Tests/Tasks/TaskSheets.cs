using System.Globalization;
using System.Text.RegularExpressions;
using Pneumothorax.Lab.Classroom.Guide.Figures;
using Pneumothorax.Lab.Classroom.Tasks;
using Pneumothorax.Lab.Evaluation;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Classroom.Tests.Tasks;

/// <summary>The tasks as twelve students get them, about a small model that obeys the rules of a real one.</summary>
internal static partial class TaskSheets
{
    public const int Images = 15, Channels = 3, Side = 4, Step = 650;

    private static readonly float[] s_weights = [-0.8f, 1.1f, 0.4f, 0.9f, -1.3f, 0.7f], s_bias = [0.25f, -0.5f];

    /// <summary>Maps are the weighted sums of the features, logits their means with the bias, probabilities the softmax of those.</summary>
    public static EvaluationFile Evaluated { get; } = Draw();

    public static GuideModel Model { get; } = new(
        new Run { Id = 18, Name = "", Dataset = "sample", Network = "lite" }, new RunEvaluation(Evaluated), new EvaluatedImages(null, null, "They were never drawn."));

    public static IReadOnlyList<TaskSheet> Of(string task) => Of(dice => LabTasks.Find(task) switch
    {
        FreeTask free => free.Put(dice),
        ModelTask model => model.Put(dice, Model),
        _ => throw new ArgumentException(task),
    }, task);

    public static IReadOnlyList<TaskSheet> Of(string task, Datasets.Dataset set) => Of(dice => ((DataTask)LabTasks.Find(task)!).Put(dice, set), task);

    public static bool Accepts(this TaskSheet sheet, params string[] typed) => sheet.Check(typed).IsCorrect;

    /// <summary>What is right for one student is no answer that the whole class can hand on.</summary>
    public static void DifferByStudent(IReadOnlyList<TaskSheet> sheets, IEnumerable<string[]> answers) =>
        Assert.All(answers, answer => Assert.Contains(sheets, sheet => !sheet.Accepts(answer)));

    /// <returns>The numbers of a text, in order.</returns>
    public static IReadOnlyList<double> NumbersIn(string text) =>
        [.. Number().Matches(text.Replace('−', '-')).Select(match => double.Parse(match.Value, CultureInfo.InvariantCulture))];

    public static int ImageOf(TaskSheet sheet) => (int)NumbersIn(sheet.About)[^1];

    /// <returns>1 where the second logit is the larger one.</returns>
    public static int Argmax(int image) => Evaluated.Logits[2 * image + 1] > Evaluated.Logits[2 * image] ? 1 : 0;

    private static IReadOnlyList<TaskSheet> Of(Func<Dice, TaskSheet> put, string task) =>
        [.. Enumerable.Range(1, 12).Select(member => put(new Dice(member, task)))];

    private static EvaluationFile Draw()
    {
        const int area = Side * Side;
        var features = new float[Images * Channels * area];
        var cam = new float[Images * 2 * area];
        var logits = new float[Images * 2];
        var probabilities = new double[Images * 2];
        var labels = new byte[Images];
        for (var image = 0; image < Images; image++)
        {
            for (var i = 0; i < Channels * area; i++)
                features[image * Channels * area + i] = 1.5f * MathF.Sin(2.1f * image + i / area) + MathF.Cos(1.7f * image + 0.9f * i);
            for (var cls = 0; cls < 2; cls++)
            {
                for (var place = 0; place < area; place++)
                {
                    var value = 0f;
                    for (var k = 0; k < Channels; k++) value += s_weights[cls * Channels + k] * features[(image * Channels + k) * area + place];
                    cam[(image * 2 + cls) * area + place] = value;
                    logits[image * 2 + cls] += value / area;
                }
                logits[image * 2 + cls] += s_bias[cls];
            }
            probabilities[image * 2 + 1] = 1 / (1 + Math.Exp(logits[image * 2] - logits[image * 2 + 1]));
            probabilities[image * 2] = 1 - probabilities[image * 2 + 1];
            // Mostly as the model says: one in four is mistaken.
            labels[image] = (byte)(logits[image * 2 + 1] > logits[image * 2] != (image % 4 == 1) ? 1 : 0);
        }
        return new()
        {
            Info = new("Run 18", Step, "sample", "hash", "lite", "test", "test"),
            Labels = labels,
            Logits = logits,
            Probabilities = probabilities,
            MapSize = Side,
            Cam = cam,
            ClassifierWeight = s_weights,
            ClassifierBias = s_bias,
            FeatureIndex = [.. Enumerable.Range(0, Images)],
            Features = features,
        };
    }

    [GeneratedRegex(@"-?\d+(\.\d+)?")]
    private static partial Regex Number();
}
