import type { Sample } from "./sample.ts";

export const october: Sample[] = [
  {
    section: "chinh-tri",
    tags: ["chuyển đổi số", "người cao tuổi"],
    photos: ["to-cong-nghe.jpg"],
    copy: `Chuyển đổi số cơ sở:

Tổ công nghệ cộng đồng gõ cửa hơn 2.400 hộ

01/10/2024, 09:30

Trong tháng 9, 38 tổ công nghệ cộng đồng của phường Cầu Vối đến từng nhà giúp người cao tuổi dùng dịch vụ công trực tuyến và nhận biết tin nhắn lừa đảo.

Mỗi tổ có ba người: một cán bộ tổ dân phố, một đoàn viên và một người rành điện thoại, có khi là cô bán tạp hóa đầu ngõ. Họ đi vào buổi tối, khi các gia đình có mặt đông đủ.

Một buổi tối hướng dẫn dùng điện thoại ở phường Cầu Vối. Ảnh: Minh Thư

Kết quả, 2.412 hộ được hướng dẫn, 1.870 người lần đầu tự nộp hồ sơ qua mạng. Điều được hỏi nhiều nhất là cách lấy lại mật khẩu và cách phân biệt cuộc gọi giả danh.

Phường in một tờ gấp chữ to, chỉ có năm câu, để dán lên cửa tủ lạnh hoặc cạnh máy điện thoại bàn. Câu đầu tiên là: “Không ai có quyền hỏi mã OTP của bạn”.

“Trước kia có việc gì tôi cũng đợi cuối tuần con cháu về. Giờ tôi tự đặt được lịch khám”, bà Quách Thị Tình, 68 tuổi, nói.

Trong tháng 10, các tổ sẽ quay lại những hộ còn gặp khó và lập nhóm hỗ trợ trực tuyến cho từng khu phố.

Thực hiện: Minh Thư – Quỳnh Mai`,
  },
  {
    section: "thoi-su",
    tags: ["giao thông", "xe buýt", "Hải Phòng"],
    photos: ["xe-buyt.jpg"],
    copy: `Hải Phòng:

Sắp chạy thử tuyến xe buýt nối bến Thóc với các xã ven biển

02/10/2024, 15:00

Từ ngày 7/10, sáu xe buýt cỡ nhỏ sẽ chạy thử giữa bến Thóc và xã Lộc Triều, miễn phí trong hai tuần đầu.

Xe đi kiểm tra lộ trình trên đường về xã Lộc Triều. Ảnh: Hải An

Tuyến dài 23,4 km, qua hai bệnh viện, bốn trường trung học và một chợ đầu mối, với 31 điểm dừng. Xe chạy từ 5 giờ 15 đến 20 giờ, cách nhau 20 phút vào giờ cao điểm, 35 phút vào các giờ còn lại.

Xe có 29 chỗ, sàn thấp, chỗ đặt xe lăn và giá treo hai xe đạp. Giờ xe đến từng điểm dừng hiển thị trên bảng điện tử và trên điện thoại.

Sau hai tuần, giá vé dự kiến là 8.000 đồng/lượt; học sinh, sinh viên được giảm một nửa, người khuyết tật và người từ 60 tuổi đi miễn phí.

Hành khách có thể góp ý về vị trí điểm dừng qua phiếu đặt sẵn trên xe. Danh sách điểm dừng sẽ được chốt trước ngày 15/11.

Hải An`,
  },
  {
    section: "kinh-te",
    tags: ["phố đi bộ", "du lịch", "ven sông"],
    photos: ["ca-phe.jpg"],
    copy: `Hàng quán ven sông tất bật trước ngày mở phố đi bộ

03/10/2024, 10:15

Chỉ còn hai ngày nữa là tuyến phố đi bộ ven sông mở cửa, gần 60 hộ kinh doanh đang sửa biển hiệu, tập huấn an toàn thực phẩm và thống nhất cách niêm yết giá.

Một quán cà phê ven sông sơn lại cửa gỗ. Ảnh: PV

Bà Tô Thị Ngát, chủ quán bánh đa ở đầu phố, mua thêm 80 bộ bát đĩa, thuê hai sinh viên phụ bếp vào các tối cuối tuần. “Bán thêm được bao nhiêu chưa biết, nhưng phố sạch, phố đông thì ai cũng vui”, bà nói.

Các hộ ký cam kết “bốn không”: không lấn hè, không chèo kéo, không tăng giá tùy tiện, không dùng hộp xốp. Bảng giá đặt ở cửa, cỡ chữ đủ lớn để đọc được từ cách hai mét.

Nước thải từ bếp được dẫn về hố tách mỡ chung trước khi đấu vào cống. Rác được phân ba loại, gom lúc 22 giờ 30.

Theo tính toán của tổ quản lý, nếu mỗi tối đón 3.000 khách, tuyến phố có thể tạo thêm khoảng 150 việc làm bán thời gian.

Dù vậy, một số hộ còn băn khoăn về chỗ gửi xe. Phương án tạm thời là dùng sân của hai trường học gần đó ngoài giờ học, với 900 chỗ, thu phí theo giá niêm yết.

Quỳnh Mai – Vũ Kha`,
  },
  {
    section: "thoi-su",
    tags: ["thời tiết"],
    photos: ["suong-ven-bien.jpg"],
    copy: `Cuối tuần trời se lạnh, vùng ven biển gió nhẹ

04/10/2024, 06:45

Sáng 5/10, nhiều nơi trong vùng có sương nhẹ, nhiệt độ thấp nhất 21 độ C; ban ngày nắng dịu, cao nhất 29 độ C. Kiểu thời tiết này kéo dài đến hết Chủ nhật, thuận lợi cho các hoạt động ngoài trời; riêng tàu thuyền nhỏ cần theo dõi gió đông bắc mạnh dần từ đêm 6/10.

Sương sớm trên bến thuyền xã Lộc Triều. Ảnh: Hữu Bình

(Theo Bản tin Thời tiết)`,
  },
  {
    section: "the-thao",
    tags: ["chạy bộ", "ven sông"],
    photos: ["chay-ven-song.jpg"],
    copy: `Giải chạy ven sông:

Hai nghìn người đăng ký, đông nhất là cự ly 5 km

04/10/2024, 17:20

Giải chạy diễn ra sáng 13/10 với ba cự ly 5 km, 10 km và 21 km. Ban tổ chức đã đóng cổng đăng ký sớm một tuần vì đủ suất.

Một nhóm chạy tập dọc bờ sông lúc mặt trời vừa lên. Ảnh: PV

Có 1.120 người chọn cự ly 5 km, 610 người chạy 10 km và 270 người chạy bán marathon. Người cao tuổi nhất 76 tuổi; người nhỏ tuổi nhất mới lên 8, chạy cùng bố.

Đường chạy bám bờ sông, gần như bằng phẳng, có bảy trạm nước dùng cốc giấy và bình rót, không phát chai nhựa. Hai điểm y tế lưu động đặt ở km 7 và km 14.

Từ 4 giờ đến 9 giờ ngày 13/10, đường ven sông tạm cấm ô tô, xe máy; người dân sống dọc tuyến được bố trí lối đi riêng.

Toàn bộ lệ phí được dùng để mua áo phao cho học sinh các xã có bến đò.

Duy Khang`,
  },
];
