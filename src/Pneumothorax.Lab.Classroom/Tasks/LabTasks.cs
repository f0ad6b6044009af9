namespace Pneumothorax.Lab.Classroom.Tasks;

/// <summary>Every task there is. Which chapter one stands in is for the chapters to say.</summary>
public static class LabTasks
{
    public static IReadOnlyList<LabTask> All { get; } =
    [
        ProblemTasks.SortedQueue, DataTasks.CountImages, DataTasks.ReadLabels, NetworkTasks.Parameters, CostTasks.CrossEntropy, CostTasks.ChooseCost, CostTasks.Prediction,
        DataTasks.Epochs, CostTasks.RestoredModel, RocTasks.Rates, RocTasks.Area,
        NetworkTasks.Shapes, CamTasks.Sum, CamTasks.ClassIndex, CamTasks.Upsampling,
    ];

    public static LabTask? Find(string name) => All.FirstOrDefault(task => task.Name == name);
}
